using System.Collections.Immutable;
using Mammo.Data.Datasets;
using Mammo.Data.Dicom;
using Mammo.Data.Examination;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Loading;
using Mammo.Data.Preparations;
using Mammo.Networks.Models;
using Mammo.Scoring.Engines;
using Mammo.Scoring.Prediction;

namespace Mammo.Scoring.Inputs;

/// <summary>
/// Says of images in what they differ from those that a network was trained on, and how its scores move when each difference is fixed. Images are examined as
/// by <see cref="Predictor"/> and the check of datasets, and compared with what the model's card says of its training.
/// </summary>
public sealed class InputTest
{
    private readonly MammoModel _model;
    private readonly PredictorOptions _options;
    private readonly DicomOptions _dicom;
    private readonly ModelPreparation _preparation;
    private readonly CancellationToken _cancellation;
    private readonly IEngine _engine;
    private readonly InputComparison? _comparison;
    private readonly InputFixes _fixes;

    /// <summary>Makes the engine of the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">How to predict.</param>
    /// <param name="cancellation">Ends the choice of the engine and the test with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="MammoException">A device, engine or model cannot be used as asked.</exception>
    public InputTest(MammoModel model, PredictorOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        (_model, _options, _cancellation) = (model, options, cancellation);
        _dicom = ModelDicom.For([model], options.Dicom, options.Preparation);
        _preparation = ModelPreparation.For(model, options.Preparation);
        _engine = EngineFactory.For(model, options, _preparation.Preparation.FeaturewiseMean, _preparation.Preparation.Size, cancellation);
        _comparison = model.Card.Inputs is { } trained ? new InputComparison(trained) { IsOfAnyDepth = Plain.LocalContrast is not null } : null;
        _fixes = new InputFixes(_preparation.Preparation, _dicom, model.Card);
    }

    /// <summary>Called after each image with the number of images done; on the caller's thread.</summary>
    public Action<int>? Progress { get; init; }

    private Preparation Plain => _preparation.Preparation;

    /// <summary>
    /// One record for each difference of each image, in the images' order, then one for each difference of the set. An image that cannot be read has a record
    /// with the reason. Nothing grows with the number of images but these scores.
    /// </summary>
    /// <param name="images">The images.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelClassMismatch"/>: a class belongs to no known output; <see cref="ErrorIds.ModelGraphInvalid"/>: the network does not
    /// return one vector per image.
    /// </exception>
    public IEnumerable<InputDifference> Run(IReadOnlyList<MammoImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var (positions, matched) = ClassMatch.For(_model, _options.ClassMap).Of("images", images.Select(image => image.Class).OfType<string>());
        return Run(images, image => image.Class is { } name && positions[name] is { } position ? position == _model.Classes.Length - 1 : null, matched)
            .Select(difference => difference with { Model = _model.Name });
    }

    private IEnumerable<InputDifference> Run(IReadOnlyList<MammoImage> images, Func<MammoImage, bool?> isPositive, Finding? matched)
    {
        foreach (var finding in Standing(matched))
            yield return new InputDifference(finding.Id, finding.Message) { Images = images.Count, SuggestedFix = finding.SuggestedFix };
        var (set, checks, done) = (new InputTestSet(), new InputChecks(Plain), 0);
        foreach (var result in Load(images, Prepare))
        {
            if (result.Error is { } error)
            {
                var finding = Finding.Of(error as MammoException ?? throw error);
                yield return new InputDifference(finding.Id, finding.Message)
                {
                    Path = result.Item.Path,
                    Patient = result.Item.Patient,
                    SuggestedFix = finding.SuggestedFix,
                };
            }
            else
            {
                foreach (var difference in Differences(result.Item, result.Value!, checks, set, isPositive(result.Item)))
                    yield return difference;
            }

            Progress?.Invoke(++done);
        }

        if (set.MeanFinding is { } far)
            set.Add(far, Rescored(images, set.Mean));
        foreach (var difference in set.Differences())
            yield return difference;
    }

    // What holds before any image is seen.
    private IEnumerable<Finding> Standing(Finding? matched)
    {
        var unknown = _comparison is not null ? null : new Finding(
            ErrorIds.InputUnknown,
            $"The card of '{_model.Name}' does not say what its training images looked like: only what every network wants, and the card's preparation, "
                + "are compared.")
        {
            Subject = _model.Name,
            SuggestedFix = "Look at images that it is known to score well.",
        };
        return _preparation.Findings.Concat(new[] { ClassOrder.Check($"'{_model.Name}'", _model.Classes), matched, unknown }.OfType<Finding>());
    }

    private IEnumerable<InputDifference> Differences(MammoImage image, Prepared prepared, InputChecks checks, InputTestSet set, bool? isPositive)
    {
        var scores = Scores(_engine, [prepared.Plain.Plane, .. prepared.FixPlanes.Select(fix => fix.Plane)]);
        var place = set.Add(scores[0], isPositive, prepared.Plain.ScaledMean);
        var findings = checks.Examine(image, prepared.Facts.Film, prepared.Plain).Concat(_comparison?.Examine(image, prepared.Facts) ?? []);
        foreach (var finding in findings.DistinctBy(finding => finding.Id))
        {
            if (finding.Id == ErrorIds.MeanFarFromData)
            {
                set.MeanFinding = finding;
                continue;
            }

            var at = prepared.FixIds.IndexOf(finding.Id);
            double? after = at < 0 ? null : scores[at + 1];
            var text = at < 0 ? null : prepared.FixPlanes[at].Text;
            set.Add(finding, place, after);
            yield return new InputDifference(finding.Id, finding.Message)
            {
                Path = image.Path,
                Patient = image.Patient,
                SuggestedFix = text is null ? finding.SuggestedFix : $"{finding.SuggestedFix} {text}",
                Score = scores[0],
                FixedScore = after,
            };
        }
    }

    private IEnumerable<LoadResult<MammoImage, T>> Load<T>(IReadOnlyList<MammoImage> images, Func<MammoImage, CancellationToken, T> prepare)
    {
        var workers = _options.WorkerCount > 0 ? _options.WorkerCount : Environment.ProcessorCount;
        return images.LoadOrdered(prepare, workers, 2 * workers, _cancellation);
    }

    private Prepared Prepare(MammoImage image, CancellationToken cancellation)
    {
        var stored = ImageReader.Read(image.Path, dicom: _dicom);
        cancellation.ThrowIfCancellationRequested();
        var facts = InputFacts.Of(image, stored, Plain);
        var findings = new FilmExamination(Plain).Examine(image, facts.Film).Concat(_comparison?.Examine(image, facts) ?? []);
        var fixes = findings.Select(finding => finding.Id).Distinct()
            .Select(id => (Id: id, Fix: _fixes.For(id, image, stored, facts))).Where(pair => pair.Fix is not null)
            .Select(pair => (pair.Id, new FixedPlane(pair.Fix!.Preparation.Apply(pair.Fix.Image).Plane, pair.Fix.Text))).ToArray();
        return new Prepared(facts, Plain.Apply(stored), [.. fixes.Select(pair => pair.Id)], [.. fixes.Select(pair => pair.Item2)]);
    }

    // A mean is known at the end alone, so that all images are read once more.
    private double[] Rescored(IReadOnlyList<MammoImage> images, double mean)
    {
        var preparation = Plain with { FeaturewiseMean = mean };
        var engine = EngineFactory.For(_model, _options, preparation.FeaturewiseMean, preparation.Size, _cancellation);
        return [.. Load(images, (image, _) => preparation.Apply(ImageReader.Read(image.Path, dicom: _dicom)).Plane)
            .Where(result => result.Error is null).Select(result => Scores(engine, [result.Value!])[0])];
    }

    private double[] Scores(IEngine engine, IReadOnlyList<Plane> planes)
    {
        var scores = new double[planes.Count];
        foreach (var group in Enumerable.Range(0, planes.Count).GroupBy(index => (planes[index].Height, planes[index].Width)))
        {
            int[] members = [.. group];
            _cancellation.ThrowIfCancellationRequested();
            var output = engine.Run(new PlaneBatch(group.Key.Height, group.Key.Width, [.. members.Select(index => planes[index].Values)]), _cancellation);
            if (output.Shape.Length != 2)
            {
                throw new MammoException(
                    ErrorIds.ModelGraphInvalid,
                    $"'{_model.Name}' does not return one score per class for an image.",
                    "Give a classifier of whole images.");
            }

            for (var i = 0; i < members.Length; i++)
                scores[members[i]] = output.Of(i)[^1];
        }

        return scores;
    }

    private sealed record FixedPlane(Plane Plane, string? Text);

    private sealed record Prepared(InputFacts Facts, PreparedImage Plain, ImmutableArray<string> FixIds, ImmutableArray<FixedPlane> FixPlanes);
}
