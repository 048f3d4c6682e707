using Mammo.Data.Datasets;
using Mammo.Networks.Models;
using Mammo.Networks.Storage;
using Mammo.Scoring;
using Mammo.Scoring.Prediction;

namespace Mammo.Tests.Networks.Files.Keras;

/// <summary>Whole Keras files on a picture, against scores that numpy computed layer by layer in float64.</summary>
public sealed class KerasScoresTests
{
    // One network; what differs is a layer that does nothing when scoring, or one of another kind. 1/255 stands in the file or in the preparation.
    [Theory]
    [InlineData("batchnorm_v1.h5", 1.0 / 255, 0.48586198448566403)]
    [InlineData("random_flip.h5", 1.0 / 255, 0.48586198448566403)]
    [InlineData("rescaling_factor1.h5", 1.0, 0.48586198448566403)]
    [InlineData("relu6_layer.h5", 1.0 / 255, 0.49795149792796467)]
    [InlineData("swish.h5", 1.0 / 255, 0.4293435380667359)]
    [InlineData("slash_names.h5", 1.0 / 255, 0.485862)]
    public void Scores_are_those_of_numpy(string file, double factor, double score)
    {
        using var model = ModelFiles.Import(Shared.Data("keras", file)).Model;
        foreach (var engine in new[] { EngineKind.Torch, EngineKind.Onnx })
            Assert.Equal(score, Score(model, engine, factor), 2e-6);
    }

    internal static double Score(MammoModel model, EngineKind engine, double factor)
    {
        var complete = model.WithCard(model.Card with { Classes = ["neg", "pos"] });
        using var predictor = new Predictor([complete], new() { Engine = engine, Preparation = new() { RescaleFactor = factor, FeaturewiseMean = 0 } });
        var result = Assert.Single([.. predictor.Add(new MammoImage(Shared.Data("keras", "film.png"))), .. predictor.Finish()]);
        return result.Prediction!.Score!.Value;
    }
}
