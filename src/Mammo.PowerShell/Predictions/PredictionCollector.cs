using System.Collections;
using System.Management.Automation;
using Mammo.Evaluation;
using Mammo.Evaluation.Measurement;
using Mammo.PowerShell.Common;
using Mammo.Scoring;

namespace Mammo.PowerShell.Predictions;

/// <summary>Gathers predictions, those of this session and those that left it, for a measurement.</summary>
/// <param name="column">Names of the records' columns where they differ.</param>
/// <param name="classMap">Which class belongs to which of the scores.</param>
/// <param name="groupBy">Properties by which is grouped.</param>
internal sealed class PredictionCollector(Hashtable? column, Hashtable? classMap, IReadOnlyList<string> groupBy)
{
    private readonly Dictionary<string, (int? Place, int Count)> _images = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _columns = ClassMaps.Of(column) ?? [];
    private readonly PredictionRows _rows = new(ClassMaps.Of(classMap));

    /// <summary>What was gathered.</summary>
    public MeasurementBuilder Builder { get; } = new();

    /// <summary>Adds a prediction.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.PredictionInvalid"/>; <see cref="ErrorIds.RowsContradict"/>: an image had another class before; those of
    /// <see cref="MeasurementBuilder"/>.
    /// </exception>
    public void Add(PSObject item)
    {
        if (item.BaseObject is not MammoPrediction prediction || classMap is not null)
        {
            _rows.Add(PredictionRow.Of(item, _columns, groupBy));
            return;
        }

        var facts = new ImageFacts
        {
            Id = prediction.Path,
            Patient = prediction.Patient,
            Laterality = prediction.Laterality,
            Inference = prediction.Inference,
            SplitHash = prediction.SplitHash,
            Warning = prediction.Warning,
            Groups = PredictionRow.Groups(item, groupBy),
        };
        var lost = prediction.Label is null ? prediction.TrueClass : null;
        Builder.Add(prediction.Probability, prediction.Label, prediction.SampleWeight, lost, facts);
        Count(prediction.Path, prediction.Label);
    }

    /// <summary>Adds the records from elsewhere, which only together say which class is the positive one.</summary>
    /// <returns>What was matched by its meaning, and images that came more than once.</returns>
    /// <exception cref="MammoException">Those of <see cref="PredictionRows.Finish"/>.</exception>
    public IEnumerable<Finding> Finish() => new[] { _rows.Finish(Builder, Count), Repeated() }.OfType<Finding>();

    // By the places among the outputs: a class may be written in several ways.
    private void Count(string path, int? place)
    {
        if (path.Length == 0)
            return;
        var (known, count) = _images.GetValueOrDefault(path);
        if (known is not null && place is not null && known != place)
            throw new MammoException(
                ErrorIds.RowsContradict, $"'{path}' has one class in one record and another in a later one.", "Fix its class, or leave the image out.", path);
        _images[path] = (known ?? place, count + 1);
    }

    private Finding? Repeated()
    {
        string[] repeated = [.. _images.Where(pair => pair.Value.Count > 1).Select(pair => pair.Key)];
        return repeated.Length == 0 ? null : new Finding(
            ErrorIds.ImageTwice,
            $"{repeated.Length} images have several records ({string.Join(", ", repeated.Take(3).Select(System.IO.Path.GetFileName))}"
                + $"{(repeated.Length > 3 ? ", …" : "")}); each counts, so the intervals are too narrow.")
        {
            Subject = repeated[0],
            SuggestedFix = "Measure one run at a time, with one record for each image.",
        };
    }
}
