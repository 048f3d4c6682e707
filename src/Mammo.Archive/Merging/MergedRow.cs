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

    public MergedColumns(IEnumerable<ResultColumn> run, IEnumerable<string> further)
    {
        var own = run.Where(column => column.Name != PathName).Prepend(Text(PathName)).ToArray();
        ResultColumn[] last = [.. new[] { IdentityName, ErrorName, ReasonName }.Where(name => !own.Any(column => column.Name == name)).Select(Text)];
        var taken = own.Concat(last).Select(column => column.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Further = [.. further.Where(name => !taken.Contains(name)).Order(StringComparer.Ordinal)];
        All = [.. own, .. Further.Select(Text), .. last];
        _places = All.Select((column, place) => (column.Name, place)).ToDictionary(StringComparer.Ordinal);
    }

    public ImmutableArray<ResultColumn> All { get; }

    private ImmutableArray<string> Further { get; }

    /// <summary>The values of an image in the order of the columns.</summary>
    public FieldValue[] Values(MergedRow row)
    {
        var values = new FieldValue[All.Length];
        foreach (var (name, value) in row.Result.Fields)
        {
            if (_places.TryGetValue(name, out var place))
                values[place] = value;
        }

        values[0] = FieldValue.Of(row.Path);
        values[_places[IdentityName]] = FieldValue.Of(row.Identity);
        values[_places[ErrorName]] = FieldValue.Of(row.Result.Refused);
        values[_places[ReasonName]] = FieldValue.Of(row.Result.Reason);
        return values;
    }

    private static ResultColumn Text(string name) => new(name, ColumnType.Text);
}
