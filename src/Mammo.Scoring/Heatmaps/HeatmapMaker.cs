using Mammo.Data.Datasets;
using Mammo.Data.Dicom;
using Mammo.Data.Images;
using Mammo.Networks.Models;
using Mammo.Scoring.Prediction;

namespace Mammo.Scoring.Heatmaps;

/// <summary>
/// Makes heatmaps of images one after the other while the next ones are decoded: images are added, results taken in the same order. Constant memory, one
/// consumer thread.
/// </summary>
public sealed class HeatmapMaker : IDisposable
{
    private readonly MammoModel _model;
    private readonly HeatmapKind _kind;
    private readonly DicomOptions _dicom;
    private readonly Lazy<string> _inference;
    private readonly TrainingLeak _leak;
    private readonly IHeatmapMethod _method;
    private readonly InputChecks _checks;
    private readonly RunWarnings _warnings;
    private readonly ImageRun<HeatmapInput, HeatmapResult> _run;
    private readonly CancellationToken _cancellation;

    /// <summary>Makes the engine of the model, which is where native libraries are loaded.</summary>
    /// <param name="model">
    /// For a forward heatmap a network with a heatmap or a patch classifier, for a sweep a patch classifier, for Grad-CAM any network that gives scores.
    /// </param>
    /// <param name="options">How to make them.</param>
    /// <param name="cancellation">Ends the run between two runs of the network with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.HeatmapImpossible"/>; a device, engine or model cannot be used as asked.</exception>
    public HeatmapMaker(MammoModel model, HeatmapOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        (_model, _kind, _cancellation) = (model, options.Kind, cancellation);
        if (options.Foreign.FirstOrDefault() is { } foreign)
            throw new MammoException(
                ErrorIds.HeatmapImpossible,
                $"{foreign} belongs to another kind of heatmap, not to {options.Kind}.",
                $"Leave out -{foreign}, or set -Kind.",
                foreign);
        var isSweep = options.Kind == HeatmapKind.Sweep;
        _method = options.Kind switch
        {
            HeatmapKind.Sweep => new SweepHeatmaps(model, options, (done, count) => PatchesDone?.Invoke(done, count), cancellation),
            HeatmapKind.GradCam => model.Parts.IsEmpty ? new GradCamHeatmaps(model, options) : new EnsembleGradCam(model, options),
            _ => new ForwardHeatmaps(model, options, cancellation),
        };
        _dicom = ModelDicom.For([model], options.Images.Dicom, options.Images.Preparation);
        _inference = new Lazy<string>(() => InferenceText.Of(
            [new EnsembleMember(model.Name, model, _method.Engine, _method.Preparation)], options.Images, _dicom, options.Named));
        _leak = new TrainingLeak([model]);
        _checks = new InputChecks(_method.Preparation.Preparation);
        _warnings = new RunWarnings(_method.Preparation.Findings);

        // A sweep runs for long on one image of full size: one more at a time is far enough ahead, and batches are of patches.
        var (batchSize, workers) = isSweep ? (1, Math.Max(1, options.Images.WorkerCount)) : (options.Images.BatchSize, options.Images.WorkerCount);
        _run = new(_method.Prepare, _dicom, batchSize, workers, cancellation)
        {
            Score = Score,
            Fail = (image, failure) => new HeatmapResult(image, null, failure.Named(image.Path), []),
        };
    }

    /// <summary>Called during a sweep after each run of the network: patches of the image done, and their number.</summary>
    public Action<int, int>? PatchesDone { get; init; }

    /// <summary>What was decided about heatmap, preparation and engine, for people.</summary>
    public IEnumerable<string> Decisions =>
        _method.Decisions.Concat(_method.Preparation.Decisions).Append($"engine {_method.Engine.Decision}").Select(decision => $"{_model.Name}: {decision}");

    /// <summary>Warnings about the model that hold before any image is seen; every record has them.</summary>
    public IReadOnlyList<Finding> Preliminary => _method.Preparation.Findings;

    /// <summary>Adds an image and returns the results that became ready.</summary>
    public IEnumerable<HeatmapResult> Add(MammoImage image) => _run.Add(image);

    /// <summary>Runs what is left and returns its results.</summary>
    public IEnumerable<HeatmapResult> Finish() => _run.Finish();

    /// <summary>Stops the decoding and frees a network that was made for the heatmap; the model keeps its engine.</summary>
    public void Dispose()
    {
        _run.Dispose();
        _method.Dispose();
    }

    private HeatmapResult[] Score(IReadOnlyList<(MammoImage Image, HeatmapInput Loaded)> images)
    {
        var values = _method.Run([.. images.Select(image => image.Loaded)], _cancellation);
        return [.. images.Zip(values, (image, heatmap) => Result(image.Image, image.Loaded, heatmap))];
    }

    private HeatmapResult Result(MammoImage image, HeatmapInput input, float[] values)
    {
        var found = _checks.Examine(image, input.Film, input.Prepared).Concat(_leak.Of(image)).DistinctBy(warning => warning.Id).ToList();
        var heatmap = new MammoHeatmap
        {
            Path = image.Path,
            Model = _model.Name,
            Kind = _kind,
            Classes = _method.Classes,
            Values = [.. values],
            IsProbability = _method.IsProbability,
            Geometry = input.Places,
            ImageSize = new ImageSize(input.Prepared.Plane.Height, input.Prepared.Plane.Width),
            StoredSize = input.Film.Turn.Apply(input.Film.Size),
            Turn = input.Film.Turn,
            VoiUsed = input.Film.VoiUsed,
            SopInstanceUid = input.Film.SopInstanceUid,
            Warning = _warnings.Ids(found),
            Engine = _method.Engine.Name,
            Inference = _inference.Value,
            Dicom = _dicom,
        };
        return new HeatmapResult(image, heatmap, null, _warnings.New(found));
    }
}

/// <summary>What became of one image: a heatmap, or the reason why there is none; and what was noticed for the first time in this run.</summary>
/// <param name="Image">The image.</param>
/// <param name="Heatmap">Its heatmap; null after a failure.</param>
/// <param name="Failure">Why there is none; null otherwise.</param>
/// <param name="NewWarnings">Warnings that no earlier image of the run had.</param>
public sealed record HeatmapResult(MammoImage Image, MammoHeatmap? Heatmap, MammoException? Failure, IReadOnlyList<Finding> NewWarnings);
