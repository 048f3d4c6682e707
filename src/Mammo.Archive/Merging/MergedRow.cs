using System.Collections.Immutable;
using Mammo.Archive.Shards;

namespace Mammo.Archive.Merging;

/// <summary>An image of the merged file.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Identity">What makes it an image of its own.</param>
/// <param name="Result">What became of it.</param>
internal sealed record MergedRow(string Path, string Identity, Result Result);

/// <summary>The columns of a merged file: path, those of the run, further ones by name, identity, and why an image was refused.</summary>
internal sealed class MergedColumns
{
    private const string PathName = "Path";

    private readonly Dictionary<string, int> _places;

    public MergedColumns(IEnumerable<ResultColumn> run, IEnumerable<string> further)
    {
        ResultColumn[] last = [Text("Identity"), Text("ErrorId"), Text("Reason")];
        var own = run.Where(column => column.Name != PathName).Prepend(Text(PathName)).ToArray();
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
        values[^3] = FieldValue.Of(row.Identity);
        values[^2] = FieldValue.Of(row.Result.Refused);
        values[^1] = FieldValue.Of(row.Result.Reason);
        return values;
    }

    private static ResultColumn Text(string name) => new(name, ColumnType.Text);
}
