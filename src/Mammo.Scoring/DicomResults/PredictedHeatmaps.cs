using System.Collections.Immutable;
using Mammo.Data.Datasets;
using Mammo.Evaluation;
using Mammo.Networks.Models;
using Mammo.Networks.Storage;
using Mammo.Scoring.Heatmaps;
using Mammo.Scoring.Prediction;

namespace Mammo.Scoring.DicomResults;

/// <summary>
/// Makes the heatmaps of predictions: by the models that scored, of images that are read and prepared as they were then. Predictions are added, results taken
/// in the same order for each way of scoring.
/// </summary>
/// <param name="models">The models that the user gives.</param>
/// <param name="cancellation">Ends the work between two runs of a network with an <see cref="OperationCanceledException"/>.</param>
public sealed class PredictedHeatmaps(KnownModels models, CancellationToken cancellation) : IDisposable
{
    private readonly Dictionary<(string Inference, PredictorOptions? Options), ImmutableArray<HeatmapMaker>> _makers = [];
    private readonly Dictionary<string, MammoModel> _read = new(StringComparer.Ordinal);

    /// <summary>Adds a prediction and returns the heatmaps that became ready, one of each of its models.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.PredictionModelMissing"/>: a model is not at hand; <see cref="ErrorIds.PredictionInvalid"/>: it does not say how its image was
    /// prepared; <see cref="ErrorIds.HeatmapImpossible"/>: a model has no heatmap.
    /// </exception>
    public IEnumerable<HeatmapResult> Add(ScoredImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Makers(image).SelectMany(maker => maker.Add(new MammoImage(image.Path)));
    }

    /// <summary>Makes what is left.</summary>
    public IEnumerable<HeatmapResult> Finish() => _makers.Values.SelectMany(makers => makers).SelectMany(maker => maker.Finish());

    /// <summary>Stops the decoding and frees the models that were read here.</summary>
    public void Dispose()
    {
        foreach (var maker in _makers.Values.SelectMany(makers => makers))
            maker.Dispose();
        foreach (var model in _read.Values)
            model.Dispose();
    }

    private ImmutableArray<HeatmapMaker> Makers(ScoredImage image)
    {
        var key = (image.Inference, image.Origin?.Options);
        if (_makers.TryGetValue(key, out var known))
            return known;
        var said = InferenceOptions.Read(image.Inference);
        var (names, hashes) = (Parts(InferenceOptions.Model), Parts(InferenceOptions.Weights));
        MammoModel[] scorers = [.. hashes.Select((hash, index) => Find(image, hash, names.ElementAtOrDefault(index) ?? hash))];
        var asked = image.Origin?.Options ?? InferenceReading.Options(image.Inference, scorers) ?? throw new MammoException(
            ErrorIds.PredictionInvalid,
            $"The prediction of '{image.Path}' does not say how its image was prepared for each of its models, so no heatmap can be made in the same way.",
            "Make it yourself and give it: -Heatmap (Get-MammoHeatmap $model -Path $p.Path).",
            image.Path);
        var options = new HeatmapOptions { Images = asked with { Augment = false, Calibrate = false, BatchSize = 0 } };
        var makers = ImmutableArray.CreateBuilder<HeatmapMaker>();
        try
        {
            foreach (var model in scorers.Distinct())
                makers.Add(Maker(model, options));
        }
        catch
        {
            foreach (var maker in makers)
                maker.Dispose();
            throw;
        }

        return _makers[key] = makers.ToImmutable();

        string[] Parts(string name) => said.GetValueOrDefault(name, "").Split(',');
    }

    private HeatmapMaker Maker(MammoModel model, HeatmapOptions options)
    {
        try
        {
            models.Note(WeightHash.Of(model), model.Card);
            return new HeatmapMaker(model, options, cancellation);
        }
        catch (MammoException error) when (error.ErrorId == ErrorIds.HeatmapImpossible)
        {
            throw new MammoException(
                error.ErrorId,
                $"'{model.Name}' has no heatmap of its own.",
                "Choose what is to be shown and give it: -Heatmap (Get-MammoHeatmap $model -Kind GradCam -Path $p.Path); or write the report alone: "
                    + "-Kind StructuredReport.",
                model.Name,
                error);
        }
    }

    // The user's own, the one that scored as long as it lives, its file, or one that comes with Mammo: the weights decide.
    private MammoModel Find(ScoredImage image, string hash, string name)
    {
        if (models.Given(hash) is { } given)
            return given;
        var scorer = image.Origin?.Models.FirstOrDefault(model => model.ShortHash == hash);
        if (scorer is not null && scorer.Model.TryGetTarget(out var alive) && !alive.IsDisposed && Has(alive, hash))
            return alive;
        if (_read.TryGetValue(hash, out var read))
            return read;
        var file = scorer?.File ?? (ShippedModels.Names.Contains(name, StringComparer.OrdinalIgnoreCase) ? ShippedModels.PathOf(name) : null);
        if (file is null)
            throw Missing("it is not given");
        if (!File.Exists(file))
            throw Missing($"its file '{file}' is gone");
        var import = ModelFiles.Import(file).Model;
        if (Has(import, hash))
            return _read[hash] = import;
        import.Dispose();
        throw Missing($"its file '{file}' has other weights now");

        MammoException Missing(string why) => new(
            ErrorIds.PredictionModelMissing,
            $"The heatmap of '{image.Path}' needs the model '{name}' with the weights {hash}… that scored it, and {why}.",
            $"Give the model: -Model ./{name}.safetensors, or its heatmaps: -Heatmap (Get-MammoHeatmap $model -Path $p.Path).",
            name);
    }

    private static bool Has(MammoModel model, string hash) => WeightHash.Of(model).StartsWith(hash, StringComparison.Ordinal);
}
