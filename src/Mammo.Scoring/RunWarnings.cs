using Mammo.Networks.Models;

namespace Mammo.Scoring;

/// <summary>Keeps account of a run's warnings: those that hold for every record, and those that were told already.</summary>
/// <param name="standing">What holds before any image is seen.</param>
internal sealed class RunWarnings(IEnumerable<Finding> standing)
{
    private readonly List<string> _standing = [.. standing.Select(warning => warning.Id)];
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    /// <summary>Adds one that holds for every record from here on.</summary>
    public void Stand(Finding warning) => _standing.Add(warning.Id);

    /// <summary>The ids that belong into a record, separated by semicolons.</summary>
    /// <param name="found">What was noticed in its image.</param>
    public string Ids(IEnumerable<Finding> found) => string.Join(';', _standing.Concat(found.Select(warning => warning.Id)).Distinct(StringComparer.Ordinal));

    /// <summary>Those that no earlier image had.</summary>
    public Finding[] New(IEnumerable<Finding> found) => [.. found.Where(warning => _told.Add(warning.Id))];
}
