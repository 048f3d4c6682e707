using System.Collections.Immutable;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Data.Rois;
using Mammo.Evaluation;
using Mammo.Evaluation.Localisation;
using Mammo.Evaluation.Measurement;
using Mammo.Scoring.Heatmaps;

namespace Mammo.Scoring.Localisation;

/// <summary>How heatmaps are compared with lesions.</summary>
public sealed record LocalisationOptions
{
    /// <summary>Classes whose values are added up; empty for all but the first, the background or negative one.</summary>
    public ImmutableArray<string> Classes { get; init; } = [];

    /// <summary>Which lesions are to be found.</summary>
    public LesionKind Lesion { get; init; }

    /// <summary>Stored pixels, 0 and above, by which a mark may miss a lesion's nearest pixel and still hits it.</summary>
    public double Tolerance { get; init; }

    /// <summary>Measures patients too on whose images the model was trained.</summary>
    public bool AllowLeakage { get; init; }

    /// <summary>Replicates and seed of the bootstrap; the rest has no effect.</summary>
    public EvaluationOptions Evaluation { get; init; } = new();
}

/// <summary>Gathers heatmaps one by one beside the lesions of their images and measures them at the end. Keeps marks, not maps.</summary>
public sealed class LocalisationBuilder
{
    private const int Shown = 5;

    private readonly LocalisationOptions _options;
    private readonly string _splits;
    private readonly Dictionary<string, MammoImage> _images;
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly List<(MammoImage Image, LocalisedImage Marked)> _measured = [];
    private readonly List<string> _leaking = [];
    private readonly List<(string Image, string Reason)> _leftOut = [];
    private readonly List<Finding> _findings = [];
    private MammoHeatmap? _first;
    private ImmutableArray<int> _labels;

    /// <summary>Makes a builder.</summary>
    /// <param name="truth">The images with their ROIs.</param>
    /// <param name="options">How to compare.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.EvaluationOptionInvalid"/>: an option is out of its range; <see cref="ErrorIds.DatasetInvalid"/>: an image is in the dataset twice.
    /// </exception>
    public LocalisationBuilder(MammoDataset truth, LocalisationOptions options)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(options);
        if (!(options.Tolerance >= 0) || double.IsInfinity(options.Tolerance))
            throw new MammoException(ErrorIds.EvaluationOptionInvalid, $"A tolerance of {options.Tolerance} is no number of pixels.", "Give 0, or pixels.");
        (_options, _splits, _images) = (options, string.Join(' ', truth.Splits), new(StringComparer.Ordinal));
        foreach (var image in truth.Images)
        {
            if (!_images.TryAdd(image.Path, image))
            {
                throw new MammoException(
                    ErrorIds.DatasetInvalid,
                    $"'{image.Path}' is in '{truth.Name}' twice, so its lesions are not certain.",
                    "List each image once.",
                    image.Path);
            }
        }
    }

    /// <summary>Adds the heatmap of an image.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.LesionUnknown"/>: the dataset does not have the image; <see cref="ErrorIds.PredictionsMixed"/>: the image came before, or the
    /// heatmap was made in another way than the first; <see cref="ErrorIds.ModelClassMismatch"/>: no such class; <see cref="ErrorIds.ScoreInvalid"/>: a value
    /// is NaN or infinite; <see cref="ErrorIds.RoiEmpty"/>: a lesion has no pixel in the image; a mask cannot be read or does not fit.
    /// </exception>
    public void Add(MammoHeatmap heatmap)
    {
        ArgumentNullException.ThrowIfNull(heatmap);
        if (!_images.TryGetValue(heatmap.Path, out var image))
        {
            throw new MammoException(
                ErrorIds.LesionUnknown,
                $"'{heatmap.Path}' is not in the dataset, so its lesions are not known.",
                "Give the dataset of the heatmaps.",
                heatmap.Path);
        }

        CheckKind(heatmap);
        if (!_taken.Add(heatmap.Path))
            throw Mixed($"'{heatmap.Path}' has two heatmaps.", heatmap.Path);
        var shapes = LesionTruth.Of(image, _options.Lesion, out var unknown);
        if (unknown is not null)
        {
            _leftOut.Add((image.Path, unknown));
            return;
        }

        if (heatmap.Warning.Contains(ErrorIds.DataLeakage, StringComparison.Ordinal))
            _leaking.Add(image.Patient ?? image.Path);
        var peaks = LocalPeaks.Of(heatmap, _labels);
        Mask[] lesions = [.. shapes.Select(shape => Draw(shape, heatmap))];
        _measured.Add((image, new LocalisedImage(image.Path, image.Patient, lesions.Length, [.. peaks.SelectMany(peak => Marks(peak, lesions))])));
    }

    /// <summary>Measures what was added; null when no image's lesions were known.</summary>
    /// <param name="cancellation">Ends a bootstrap.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.DataLeakage"/>: the model was trained on patients of these images; <see cref="ErrorIds.PatientMissing"/>: the patient of some
    /// images is known and of others not; <see cref="ErrorIds.EvaluationOptionInvalid"/>: an option is out of its range.
    /// </exception>
    public MammoLocalisation? Measure(CancellationToken cancellation = default)
    {
        CheckLeakage();
        return _measured.Count == 0 ? null : Measure(_measured.Select(item => item.Marked), null, cancellation);
    }

    /// <summary>Measures the images of each value of a property.</summary>
    /// <param name="property">Name of the property.</param>
    /// <param name="value">Its value of an image; null where it has none.</param>
    /// <param name="cancellation">Ends a bootstrap.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.GroupMissing"/>: no image has the property; and as <see cref="Measure(CancellationToken)"/>.
    /// </exception>
    public IEnumerable<MammoLocalisation> MeasureGroups(string property, Func<MammoImage, string?> value, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        CheckLeakage();
        var groups = _measured.GroupBy(item => value(item.Image), StringComparer.OrdinalIgnoreCase)
            .OrderBy(group => group.Key is null).ThenBy(group => group.Key, StringComparer.OrdinalIgnoreCase).ToArray();
        if (groups is [{ Key: null }])
        {
            throw new MammoException(
                ErrorIds.GroupMissing, $"No image has a value of '{property}' to group by.", "Check the name: it is that of a column of the dataset's list.",
                property);
        }

        return groups.Select(group => Measure(
            group.Select(item => item.Marked), new MeasurementGroup(property, group.Key ?? "not known"), cancellation));
    }

    private void CheckLeakage()
    {
        if (!_options.AllowLeakage && _leaking.Distinct(PatientIds.Comparer).ToArray() is { Length: > 0 } patients)
        {
            throw new MammoException(
                ErrorIds.DataLeakage,
                $"The model was trained on {patients.Length} of the patients measured ({string.Join(", ", patients.Take(Shown))}"
                + $"{(patients.Length > Shown ? ", …" : "")}): what is measured on them would be too good to be true.",
                "Leave them out (Where-Object Warning -notmatch DataLeakage); or use -AllowLeakage if it is meant, or their ids are those of other people.",
                patients[0]);
        }
    }

    private MammoLocalisation Measure(IEnumerable<LocalisedImage> images, MeasurementGroup? group, CancellationToken cancellation)
    {
        LocalisedImage[] measured = [.. images];
        return new MammoLocalisation
        {
            Group = group,
            Model = _first!.Model,
            Classes = [.. _labels.Select(label => _first.Classes[label])],
            Lesion = _options.Lesion,
            Tolerance = _options.Tolerance,
            Marks = measured.Sum(image => image.Marks.Length),
            LeftOut = group is null ? _leftOut.Count : 0,
            SplitHash = _splits,
            Inference = _first.Inference,
            Options = _options.Evaluation,
            Result = LocalisationResult.Of(LocalisedSet.Of(measured), _options.Evaluation, cancellation),
            Warnings = group is null ? new FindingList([.. _findings, .. LeftOut()]) : FindingList.Empty,
        };
    }

    /// <summary>The images of which it is not known where their lesions are, as one finding for each reason.</summary>
    public IEnumerable<Finding> LeftOut() => _leftOut.GroupBy(item => item.Reason).Select(group => new Finding(
        ErrorIds.LesionUnknown,
        $"{group.Count()} images are left out ({string.Join(", ", group.Take(Shown).Select(item => Path.GetFileName(item.Image)))}"
        + $"{(group.Count() > Shown ? ", …" : "")}): {group.Key}.")
    {
        SuggestedFix = "Add what is missing to the dataset's list.",
    });

    private static MammoException Mixed(string what, string target) =>
        new(ErrorIds.PredictionsMixed, what, "Measure the heatmaps of one model, made in one way, one for each image.", target);

    private void CheckKind(MammoHeatmap heatmap)
    {
        if (_first is null)
        {
            _labels = _options.Classes.IsEmpty
                ? [.. Enumerable.Range(0, heatmap.Classes.Length).Skip(heatmap.Classes.Length > 1 ? 1 : 0)]
                : [.. _options.Classes.Select(heatmap.IndexOf).Distinct()];
            _first = heatmap;
        }

        if (heatmap.Model != _first.Model || heatmap.Inference != _first.Inference || !heatmap.Classes.SequenceEqual(_first.Classes, StringComparer.Ordinal))
        {
            var others = string.Join("; ", InferenceOptions.Differences(_first.Inference, heatmap.Inference));
            throw Mixed(
                $"The heatmap of '{heatmap.Path}' is of '{heatmap.Model}', earlier ones of '{_first.Model}'"
                + $"{(others.Length > 0 ? $", with other options ({others})" : "")}.",
                heatmap.Path);
        }
    }

    private Mask Draw(RoiShape shape, MammoHeatmap heatmap)
    {
        var mask = RoiRaster.Draw(shape, heatmap.StoredSize, heatmap.StoredSize, _findings);
        return Array.Exists(mask.Pixels, pixel => pixel) ? mask : throw new MammoException(
            ErrorIds.RoiEmpty, $"A lesion of '{heatmap.Path}' ({shape}) has no pixel in it.", "Check the ROI in the dataset's list.", heatmap.Path);
    }

    // A mark on lesions that overlap finds each of them.
    private IEnumerable<Mark> Marks(LocalPeak peak, Mask[] lesions)
    {
        int[] hits = [.. LesionTruth.Hits(lesions, peak, _options.Tolerance)];
        return hits.Length == 0 ? [new Mark(peak.Value, null)] : hits.Select(lesion => new Mark(peak.Value, lesion));
    }
}
