namespace Mammo.Evaluation;

/// <summary>Gathers scored images one by one and measures them at the end; keeps a few numbers per image.</summary>
public sealed class MeasurementBuilder
{
    private const double Rounding = 1e-9;

    private readonly List<double> _scores = [];
    private readonly List<int> _labels = [];
    private readonly List<double> _weights = [];
    private IReadOnlyList<string>? _classes;
    private readonly SortedDictionary<string, int> _withoutOutput = new(StringComparer.OrdinalIgnoreCase);
    private bool _hasPairs;
    private int _unlabelled;

    /// <summary>Adds one image.</summary>
    /// <param name="probabilities">Probability of each class by name; every image must have the same classes in the same order.</param>
    /// <param name="label">Index of the true class; null when unknown.</param>
    /// <param name="weight">Sample weight ≥ 0.</param>
    /// <param name="withoutOutput">The true class where the model has no output for it: the image is counted under it and left out.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.PredictionsMixed"/>: other classes than before, a label outside them, or a negative weight;
    /// <see cref="ErrorIds.ScoreInvalid"/>: a probability outside 0..1, or the sum of all is not 1.
    /// </exception>
    public void Add(NamedTable<double> probabilities, int? label, double weight = 1, string? withoutOutput = null)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        _hasPairs = true;
        Keep(probabilities, label, weight, withoutOutput);
    }

    /// <summary>Adds one image of which only the score of the positive of two classes is known.</summary>
    /// <param name="negative">Name of the negative class.</param>
    /// <param name="positive">Name of the positive class.</param>
    /// <param name="score">Score of the positive class, 0..1.</param>
    /// <param name="label">1 for a positive, 0 for a negative; null when unknown.</param>
    /// <param name="weight">Sample weight ≥ 0.</param>
    /// <param name="withoutOutput">The true class where it is neither of the two: the image is counted under it and left out.</param>
    /// <exception cref="MammoException">As above.</exception>
    public void Add(string negative, string positive, double score, int? label, double weight = 1, string? withoutOutput = null) =>
        Keep(NamedTable.Of<double>([negative, positive], [1 - score, score]), label, weight, withoutOutput);

    private void Keep(NamedTable<double> probabilities, int? label, double weight, string? withoutOutput)
    {
        _classes ??= [.. probabilities.Keys];
        if (!_classes.SequenceEqual(probabilities.Keys, StringComparer.OrdinalIgnoreCase))
            throw Mixed($"One prediction has the classes [{string.Join(", ", probabilities.Keys)}], earlier ones [{string.Join(", ", _classes)}].");
        if (ScoreCheck.Fault(probabilities) is { } fault)
            throw new MammoException(
                ErrorIds.ScoreInvalid,
                $"The probabilities ({probabilities}) {fault}.",
                "Measure probabilities: percentages over 100, and logits through their softmax or sigmoid.");
        if (withoutOutput is not null)
        {
            _withoutOutput[withoutOutput] = _withoutOutput.GetValueOrDefault(withoutOutput) + 1;
            return;
        }

        if (label is null)
        {
            _unlabelled++;
            return;
        }

        if (label < 0 || label >= _classes.Count)
            throw Mixed($"A label of {label} is outside the {_classes.Count} classes.");
        if (!(weight >= 0) || double.IsInfinity(weight))
            throw Mixed($"A sample weight of {weight} is not a number from 0 upwards.");
        _scores.AddRange(probabilities.Values);
        _labels.Add(label.Value);
        _weights.Add(weight);
    }

    /// <summary>Measures what was added; null when no image had a known class.</summary>
    public MammoMeasurement? Measure()
    {
        if (_classes is null || _labels.Count == 0)
            return null;
        var areas = Auc.PerClass(_scores.ToArray(), _labels.ToArray(), _classes.Count, _weights.ToArray());
        if (!_hasPairs)
            areas[0] = areas[1]; // Small scores are lost in 1 - score, which would make ties; the two areas are equal.
        var interval = Interval(_classes.Count);
        if (interval is not null && !(areas[^1] >= interval.Lower - Rounding && areas[^1] <= interval.Upper + Rounding))
            throw new MammoException(
                ErrorIds.ScoreInvalid,
                FormattableString.Invariant($"The area under the ROC curve, {areas[^1]}, is outside its own interval ({interval.Lower} to {interval.Upper})."),
                "Report it with the predictions: the measurement contradicts itself.");
        var counts = new int[_classes.Count];
        foreach (var label in _labels)
            counts[label]++;
        return new MammoMeasurement
        {
            Count = _labels.Count,
            Unlabelled = _unlabelled,
            WithoutOutput = new NamedTable<int>(_withoutOutput),
            Positives = counts[^1],
            Auc = areas.Average(),
            AucInterval = interval,
            ClassAuc = NamedTable.Of<double>(_classes, areas),
            Accuracy = Accuracy(_classes.Count),
            ClassCount = NamedTable.Of<int>(_classes, counts),
        };
    }

    private static MammoException Mixed(string what) =>
        new(ErrorIds.PredictionsMixed, what, "Measure predictions of one model, or of models with the same classes, at a time.");

    private AucInterval? Interval(int classCount) => _weights.TrueForAll(weight => weight == 1)
        ? AucInterval.Of(
            [.. Enumerable.Range(0, _labels.Count).Select(sample => _scores[((sample + 1) * classCount) - 1])],
            [.. _labels.Select(label => label == classCount - 1)])
        : null;

    private double Accuracy(int classCount)
    {
        double right = 0;
        for (var sample = 0; sample < _labels.Count; sample++)
        {
            var scores = _scores.GetRange(sample * classCount, classCount);
            if (scores.IndexOf(scores.Max()) == _labels[sample])
                right += _weights[sample];
        }

        return right / _weights.Sum();
    }
}
