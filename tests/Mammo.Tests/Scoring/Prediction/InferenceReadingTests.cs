using Mammo.Data.Dicom;
using Mammo.Data.Images;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Prediction;

namespace Mammo.Tests.Scoring.Prediction;

public sealed class InferenceReadingTests
{
    public static TheoryData<string, PreparationWishes, ModelCard> Ways => new()
    {
        { "the card's", new(), new ModelCard { RescaleFactor = 1, FeaturewiseMean = 44.33, AutoLevel = true } },
        { "other scale", new() { RescaleFactor = 255.0 / 65535 }, new ModelCard { RescaleFactor = 1, FeaturewiseMean = 44.33 } },
        { "target scale for a factor", new() { TargetScale = 255 }, new ModelCard { RescaleFactor = 1, FeaturewiseMean = 44.33 } },
        { "both", new() { TargetScale = 200, RescaleFactor = 0.5, EqualizeHistogram = true }, new ModelCard { FeaturewiseMean = 44.33 } },
        { "no mean", new() { RescaleFactor = 1, NoFeaturewiseMean = true }, new ModelCard { FeaturewiseMean = 44.33, AutoLevel = true } },
        { "means", new() { FeaturewiseMean = new FeaturewiseMean(103.939, 116.779, 123.68), AutoLevel = false },
            new ModelCard { RescaleFactor = 1, AutoLevel = true } },
        { "local contrast", new() { LocalContrast = 2.5 }, new ModelCard { RescaleFactor = 1, FeaturewiseMean = 44.33 } },
        { "other local contrast", new() { LocalContrast = 3 }, new ModelCard { RescaleFactor = 1, FeaturewiseMean = 44.33, LocalContrast = 2 } },
        { "no local contrast", new() { LocalContrast = 0 }, new ModelCard { RescaleFactor = 1, FeaturewiseMean = 44.33, LocalContrast = 2 } },
        { "the card's local contrast", new(), new ModelCard { RescaleFactor = 1, FeaturewiseMean = 44.33, LocalContrast = 2 } },
        { "other scale, equalised", new() { RescaleFactor = 0.25 }, new ModelCard { EqualizeHistogram = true } },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_a_prediction_says_is_done_again(string way, PreparationWishes wishes, ModelCard card)
    {
        Assert.NotEmpty(way);
        using var model = Model(card);
        var dicom = new DicomOptions { Voi = DicomVoi.Parse("Window:2"), Frame = 3, Orient = true, AllowForProcessing = true };
        var text = Text(model, new PredictorOptions { Preparation = wishes, Dicom = dicom, Engine = EngineKind.Onnx });
        var read = InferenceReading.Options(text, [model]);
        Assert.NotNull(read);
        Assert.Equal(text, Text(model, read with { Engine = EngineKind.Onnx }));
        // What the card says is not said again: a factor of the user's own is one for 16 bits.
        Assert.Equal(wishes.RescaleFactor, read.Preparation.RescaleFactor);
        Assert.Equal(wishes.LocalContrast, read.Preparation.LocalContrast);
    }

    [Fact]
    public void What_does_not_say_it_is_not_guessed()
    {
        using var model = Model(new ModelCard { RescaleFactor = 1, FeaturewiseMean = 44.33 });
        using var other = Model(new ModelCard { RescaleFactor = 0.5, FeaturewiseMean = 44.33 });
        Assert.Null(InferenceReading.Options("model=a;weights=b", [model]));
        var text = Text(model, new PredictorOptions { Engine = EngineKind.Onnx });
        Assert.Null(InferenceReading.Options(text.Replace("rescalefactor=1", "rescalefactor=one", StringComparison.Ordinal), [model]));
        Assert.Null(InferenceReading.Options(text.Replace("rescalefactor=1", "rescalefactor=1,0.25", StringComparison.Ordinal), [model, other]));
        Assert.NotNull(InferenceReading.Options(text.Replace("rescalefactor=1", "rescalefactor=1,0.5", StringComparison.Ordinal), [model, other]));
    }

    private static string Text(MammoModel model, PredictorOptions options)
    {
        using var predictor = new Predictor([model], options);
        return predictor.Inference;
    }

    private static MammoModel Model(ModelCard card)
    {
        using var small = PredictorTests.Small(1);
        return small.WithCard(card with { Classes = small.Card.Classes });
    }
}
