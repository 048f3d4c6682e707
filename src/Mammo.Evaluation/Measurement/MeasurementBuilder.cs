using System.Collections.Immutable;
using Mammo.Evaluation.Roc;
using Mammo.Evaluation.Sets;

namespace Mammo.Evaluation.Measurement;

/// <summary>Gathers scored images one by one and measures them at the end.</summary>
public sealed class MeasurementBuilder
{
    private const double Rounding = 1e-9;
    private const int Shown = 5;

    private readonly List<double> _scores = [];
    private readonly List<int> _labels = [];
    private readonly List<double> _weights = [];
    private readonly List<ImageFacts> _facts = [];
    private IReadOnlyList<string>? _classes;
    private readonly SortedDictionary<string, int> _withoutOutput = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _unscored = [];
    private bool _hasPairs;
    private int _unlabelled;

    /// <summary>Name of the positive class, the last one; null before the first image.</summary>
    public string? PositiveClass => _classes?[^1];

    /// <summary>How the images with a known class were scored; empty when unknown.</summary>
    public string Inference => Distinct(facts => facts.Inference);

    /// <summary>Hashes of the splits that the images with a known class are parts of; empty when unknown.</summary>
    public string SplitHash => Distinct(facts => facts.SplitHash);

    /// <summary>Identity of the images with a known class: SHA-256 of their file names, classes and patients in order.</summary>
    public string Fingerprint => Samples(new MeasurementOptions { AllowLeakage = true })?.Fingerprint ?? "";

    /// <summary>Names of the images without a score, with the reason where it is known.</summary>
    public ImmutableArray<string> Unscored => [.. _unscored];

    /// <summary>What is noticed about the images: without a score, or there more than once.</summary>
    public IEnumerable<Finding> Findings => SampleFindings.Of(Unscored, Repeated(_facts));

    /// <summary>Counts an image that could not be scored, and leaves it out.</summary>
    /// <param name="image">The image; empty when it has no name.</param>
    /// <param name="reason">Id of the reason; empty when it is not known.</param>
    public void AddUnscored(string image, string reason)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(reason);
        var name = image.Length > 0 ? Path.GetFileName(image.Replace('\\', '/')) : "an image without a name";
        _unscored.Add(reason.Length > 0 ? $"{name} ({reason})" : name);
    }

    /// <summary>Adds one image.</summary>
    /// <param name="probabilities">Probability of each class by name; every image must have the same classes in the same order.</param>
    /// <param name="label">Index of the true class; null when unknown.</param>
    /// <param name="weight">Sample weight ≥ 0.</param>
    /// <param name="withoutOutput">The true class where the model has no output for it: the image is counted under it and left out.</param>
    /// <param name="facts">What else is known of the image.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.PredictionsMixed"/>: other classes than before, a label outside them, or a negative weight;
    /// <see cref="ErrorIds.ScoreInvalid"/>: a probability outside 0..1, or the sum of all is not 1.
    /// </exception>
    public void Add(NamedTable<double> probabilities, int? label, double weight = 1, string? withoutOutput = null, ImageFacts? facts = null)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        _hasPairs = true;
        Keep(probabilities, label, weight, withoutOutput, facts);
    }

    /// <summary>Adds one image of which only the score of the positive of two classes is known.</summary>
    /// <param name="negative">Name of the negative class.</param>
    /// <param name="positive">Name of the positive class.</param>
    /// <param name="score">Score of the positive class, 0..1.</param>
    /// <param name="label">1 for a positive, 0 for a negative; null when unknown.</param>
    /// <param name="weight">Sample weight ≥ 0.</param>
    /// <param name="withoutOutput">The true class where it is neither of the two: the image is counted under it and left out.</param>
    /// <param name="facts">What else is known of the image.</param>
    /// <exception cref="MammoException">As above.</exception>
    public void Add(
        string negative, string positive, double score, int? label, double weight = 1, string? withoutOutput = null, ImageFacts? facts = null) =>
        Keep(NamedTable.Of<double>([negative, positive], [1 - score, score]), label, weight, withoutOutput, facts);

    /// <summary>Measures what was added; null when no image had a known class.</summary>
    /// <param name="options">How; null for images without a bootstrap.</param>
    /// <param name="cancellation">Ends a bootstrap.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.DataLeakage"/>: the model was trained on patients of these images. <see cref="ErrorIds.PatientMissing"/>,
    /// <see cref="ErrorIds.LateralityMissing"/>: they are needed for the unit. <see cref="ErrorIds.EvaluationOptionInvalid"/>: an option is out of range.
    /// </exception>
    public MammoMeasurement? Measure(MeasurementOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new MeasurementOptions();
        return Samples(options) is { } samples ? Measure(samples, options, null, cancellation) : null;
    }

    /// <summary>Measures the images of each value of each property that <see cref="MeasurementOptions.GroupBy"/> names.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.GroupMissing"/>: no image has the property; and as above.</exception>
    public IEnumerable<MammoMeasurement> MeasureGroups(MeasurementOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (Samples(options) is not { } samples)
            yield break;
        for (var property = 0; property < options.GroupBy.Length; property++)
        {
            var (place, name) = (property, options.GroupBy[property]);
            string?[] values = [.. samples.Facts.Select(facts => facts.Groups[place])];
            if (Array.TrueForAll(values, value => value is null))
            {
                throw new MammoException(
                    ErrorIds.GroupMissing, $"No prediction has a value of '{name}' to group by.", "Check the name: Get-Member shows what a prediction has.",
                    name);
            }

            foreach (var value in values.Distinct(StringComparer.OrdinalIgnoreCase).OrderBy(value => value is null)
                .ThenBy(value => value, StringComparer.OrdinalIgnoreCase))
            {
                var group = samples.Where(i => string.Equals(values[i], value, StringComparison.OrdinalIgnoreCase));
                yield return Measure(group, options, new MeasurementGroup(name, value ?? "not known"), cancellation);
            }
        }
    }

    /// <summary>The scores of the positive class, put together by unit.</summary>
    /// <exception cref="MammoException">As <see cref="Measure(MeasurementOptions?, CancellationToken)"/>.</exception>
    public ScoredSet ToSet(MeasurementOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return ToImages(options).By(options.Unit, options.Aggregate);
    }

    /// <summary>Number of images with a known class by their values of a property.</summary>
    /// <param name="place">Place of the property in <see cref="ImageFacts.Groups"/>.</param>
    public NamedTable<int> Counts(int place) => Counts(_facts.Select(facts => facts.Groups[place] ?? "not known"));

    /// <summary>Number of images of each class that has any.</summary>
    public NamedTable<int> ClassCounts() => Counts(_labels.Select(label => _classes![label]));

    /// <summary>Negatives with the highest scores and positives with the lowest, worst first.</summary>
    /// <param name="count">How many of each.</param>
    public IEnumerable<(ImageFacts Facts, double Score, bool IsPositive)> Worst(int count)
    {
        var (width, images) = (_classes?.Count ?? 0, Enumerable.Range(0, _labels.Count));
        return images.Where(i => _labels[i] < width - 1).OrderByDescending(Score).Take(count)
            .Concat(images.Where(i => _labels[i] == width - 1).OrderBy(Score).Take(count))
            .Select(i => (_facts[i], Score(i), _labels[i] == width - 1));

        double Score(int image) => _scores[(image * width) + width - 1];
    }

    /// <summary>The scores of the images' positive class, for pairing.</summary>
    internal ScoredSet ToImages(MeasurementOptions options) => Samples(options) is { } samples
        ? samples.ToSet(options.Unit)
        : throw new MammoException(ErrorIds.ClassEmpty, "No prediction has a known class.", "Predict a dataset with classes (Import-MammoDataset).");

    private void Keep(NamedTable<double> probabilities, int? label, double weight, string? withoutOutput, ImageFacts? facts)
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
        _facts.Add(facts ?? ImageFacts.None);
    }

    private string Distinct(Func<ImageFacts, string> value) =>
        string.Join(" | ", _facts.Select(value).Where(text => text.Length > 0).Distinct(StringComparer.Ordinal));

    private static ImmutableArray<string> Repeated(IReadOnlyList<ImageFacts> facts)
    {
        var (seen, twice) = (new HashSet<string>(facts.Count, StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var image in facts)
        {
            if (image.Id.Length > 0 && !seen.Add(image.Id))
                twice.Add(image.Id);
        }

        return [.. twice.Select(id => Path.GetFileName(id.Replace('\\', '/')))];
    }

    private static NamedTable<int> Counts(IEnumerable<string> values) =>
        new(values.GroupBy(value => value, StringComparer.OrdinalIgnoreCase).OrderBy(group => group.Key, StringComparer.OrdinalIgnoreCase)
            .Select(group => KeyValuePair.Create(group.Key, group.Count())));

    private MeasuredSamples? Samples(MeasurementOptions options)
    {
        if (_classes is null || _labels.Count == 0)
            return null;
        if (!options.AllowLeakage)
            CheckLeakage();
        return new MeasuredSamples(_classes, [.. _scores], [.. _labels], [.. _weights], [.. _facts]);
    }

    // Invoke-MammoPredict compares patients with the card's; the id goes along with the record, also through a file.
    private void CheckLeakage()
    {
        string[] patients =
        [
            .. _facts.Where(facts => facts.Warning.Contains(ErrorIds.DataLeakage, StringComparison.Ordinal)).Select(facts => facts.Patient ?? facts.Id)
                .Distinct(PatientIds.Comparer),
        ];
        if (patients.Length == 0)
            return;
        throw new MammoException(
            ErrorIds.DataLeakage,
            $"The model was trained on {patients.Length} of the patients measured "
            + $"({string.Join(", ", patients.Take(Shown))}{(patients.Length > Shown ? ", …" : "")}): "
                + "what is measured on them would be too good to be true.",
            "Leave them out (Where-Object Warning -notmatch DataLeakage); or use -AllowLeakage if it is meant, or their ids are those of other people.",
            patients[0]);
    }

    private MammoMeasurement Measure(MeasuredSamples samples, MeasurementOptions options, MeasurementGroup? group, CancellationToken cancellation)
    {
        var images = samples.ToSet(options.Unit);
        var set = images.By(options.Unit, options.Aggregate);
        var (scores, labels, weights) = options.Unit switch
        {
            EvaluationUnit.Image => (samples.Probabilities, samples.Labels, samples.Weights),
            EvaluationUnit.Breast => samples.By(images.BreastArray!, options.Aggregate),
            _ => samples.By(images.PatientArray, options.Aggregate),
        };
        var classCount = samples.Classes.Count;
        var areas = Auc.PerClass(scores, labels, classCount, weights);
        if (!_hasPairs)
            areas[0] = areas[1]; // Small scores are lost in 1 - score, which would make ties; the two areas are equal.
        var interval = Array.TrueForAll(weights, weight => weight == 1)
            ? AucInterval.Of(
                [.. Enumerable.Range(0, labels.Length).Select(i => scores[((i + 1) * classCount) - 1])], [.. labels.Select(label => label == classCount - 1)])
            : null;
        if (interval is not null && !(areas[^1] >= interval.Lower - Rounding && areas[^1] <= interval.Upper + Rounding))
            throw new MammoException(
                ErrorIds.ScoreInvalid,
                FormattableString.Invariant($"The area under the ROC curve, {areas[^1]}, is outside its own interval ({interval.Lower} to {interval.Upper})."),
                "Report it with the predictions: the measurement contradicts itself.");
        var counts = new int[classCount];
        foreach (var label in labels)
            counts[label]++;
        return new MammoMeasurement
        {
            Group = group,
            Count = labels.Length,
            Unlabelled = group is null ? _unlabelled : 0,
            Unscored = group is null ? Unscored : [],
            Repeated = group is null ? Repeated(samples.Facts) : [],
            WithoutOutput = group is null ? new NamedTable<int>(_withoutOutput) : NamedTable.None<int>(),
            Positives = counts[^1],
            Auc = areas.Average(),
            AucInterval = interval,
            ClassAuc = NamedTable.Of<double>(samples.Classes, areas),
            Accuracy = Accuracy(scores, labels, weights),
            ClassCount = NamedTable.Of<int>(samples.Classes, counts),
            PatientsUnknown = options.Unit == EvaluationUnit.Image && samples.WithPatient > 0 ? samples.Count - samples.WithPatient : 0,
            SplitHash = samples.Distinct(facts => facts.SplitHash),
            Inference = samples.Distinct(facts => facts.Inference),
            Fingerprint = samples.Fingerprint,
            Aggregate = options.Unit == EvaluationUnit.Image ? null : options.Aggregate,
            Evaluation = Evaluator.Evaluate(set, options.Evaluation, cancellation),
        };
    }

    private static MammoException Mixed(string what) =>
        new(ErrorIds.PredictionsMixed, what, "Measure predictions of one model, or of models with the same classes, at a time.");

    private static double Accuracy(double[] scores, int[] labels, double[] weights)
    {
        var classCount = scores.Length / labels.Length;
        double right = 0;
        for (var sample = 0; sample < labels.Length; sample++)
        {
            var row = scores.AsSpan(sample * classCount, classCount);
            var best = 0;
            for (var label = 1; label < classCount; label++)
                best = row[label] > row[best] ? label : best;
            right += best == labels[sample] ? weights[sample] : 0;
        }

        return right / weights.Sum();
    }
}
