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
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
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
        if (item.BaseObject is not MammoPrediction { Score: not null } prediction || classMap is not null)
        {
            var row = PredictionRow.Of(item, _columns, groupBy);
            if (row.IsUnscored)
                Builder.AddUnscored(row.Path, row.Facts.Warning);
            else
                _rows.Add(row);
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
        Check(prediction.Path, prediction.Label);
    }

    /// <summary>Adds the records from elsewhere, which only together say which class is the positive one.</summary>
    /// <returns>What was matched by its meaning; null when the names are the same.</returns>
    /// <exception cref="MammoException">Those of <see cref="PredictionRows.Finish"/>.</exception>
    public Finding? Finish() => _rows.Finish(Builder, Check);

    // By the places among the outputs: a class may be written in several ways.
    private void Check(string path, int? place)
    {
        if (path.Length == 0 || place is not { } known)
            return;
        if (_places.TryGetValue(path, out var before) && before != known)
            throw new MammoException(
                ErrorIds.RowsContradict, $"'{path}' has one class in one record and another in a later one.", "Fix its class, or leave the image out.", path);
        _places[path] = known;
    }
}
