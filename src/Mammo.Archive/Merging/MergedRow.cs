using System.Collections.Immutable;
using Mammo.Archive.Shards;

namespace Mammo.Archive.Merging;

/// <summary>An image of the merged file.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Identity">What makes it an image of its own.</param>
/// <param name="Result">What became of it.</param>
internal sealed record MergedRow(string Path, string Identity, Result Result);

/// <summary>
/// The columns of a merged file: path, those of the run, further ones by name, identity, and why an image was refused, in the words of predictions.
/// </summary>
internal sealed class MergedColumns
{
    private const string PathName = "Path";
    private const string IdentityName = "Identity";
    private const string ErrorName = "ErrorId";
    private const string ReasonName = "Reason";

    private readonly Dictionary<string, int> _places;
    private readonly int[] _added;

    public MergedColumns(IEnumerable<ResultColumn> run, IEnumerable<string> further)
    {
        var own = run.Where(column => column.Name != PathName).Prepend(Text(PathName)).ToArray();
        string[] words = [IdentityName, ErrorName, ReasonName];
        string[] added = [.. words.Where(name => !own.Any(column => column.Name == name))];
        var typed = own.Select(column => column.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);

        // Readers of tables know no case: what lists spell in several ways is one column. One with the name of another gets a number, as in predictions.
        string[] lists = [.. further.Where(name => !typed.Contains(name)).Order(StringComparer.Ordinal).Distinct(StringComparer.OrdinalIgnoreCase)];
        All = [
            .. own, .. lists.Select(name => Text(added.Contains(name, StringComparer.OrdinalIgnoreCase) ? $"{name}_2" : name)), .. added.Select(Text)];
        _places = own.Select(column => column.Name).Concat(lists).Select((name, place) => (name, place)).ToDictionary(StringComparer.OrdinalIgnoreCase);
        _added = [.. words.Select(name => All.IndexOf(All.First(column => column.Name == name)))];
    }

    public ImmutableArray<ResultColumn> All { get; }

    /// <summary>The values of an image in the order of the columns.</summary>
    public FieldValue[] Values(MergedRow row)
    {
        var values = new FieldValue[All.Length];
        foreach (var (name, value) in row.Result.Fields)
            values[_places[name]] = value;
        values[0] = FieldValue.Of(row.Path);
        foreach (var (place, text) in _added.Zip([row.Identity, row.Result.Refused, row.Result.Reason]))
            values[place] = FieldValue.Of(text);
        return values;
    }

    private static ResultColumn Text(string name) => new(name, ColumnType.Text);
}
