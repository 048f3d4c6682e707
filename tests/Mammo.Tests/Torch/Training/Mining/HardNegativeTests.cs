using System.Collections.Immutable;
using Mammo.Data.Datasets;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Patches;
using Mammo.Data.Preparations;
using Mammo.Data.Rois;
using Mammo.Networks.Models;
using Mammo.Tests.Data.Patches;
using Mammo.Torch.Training;
using Mammo.Torch.Training.Batches;
using Mammo.Torch.Training.Checkpoints;
using Mammo.Torch.Training.Mining;
using Mammo.Torch.Training.Runs;

namespace Mammo.Tests.Torch.Training.Mining;

/// <summary>Background patches from where the network itself sees lesions.</summary>
public sealed class HardNegativeTests
{
    private readonly string _folder = Shared.NewFolder();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void The_highest_places_off_every_lesion_are_mined(int count)
    {
        using var model = TinyMining.Model();
        var data = TinyMining.Data(_folder, count: count);
        var miner = Miner(model, data);
        var places = miner.Mine(Weights(model), model.Card with { FeaturewiseMean = 60, RescaleFactor = 1 }, Cancel);
        Assert.Equal(Math.Min(2 * count, miner.MostPatches), places.Length);
        Assert.Equal(places.OrderByDescending(place => place.Score), places);
        Assert.All(places, place =>
        {
            Assert.InRange(place.Film, 0, 1);
            Assert.InRange(place.Score, 0, 1);
            // A square of 32 pixels and a quarter of it around the centre, and the circle's box.
            if (place.Film == 1)
                Assert.True(Math.Max(Math.Abs(place.X - 40), Math.Abs(place.Y - 50)) > 16 + 8);
        });
        Assert.All(places, place => Assert.DoesNotContain(
            places,
            other => other != place && other.Film == place.Film && Math.Abs(other.X - place.X) < 16 && Math.Abs(other.Y - place.Y) < 16));
        Assert.Equal(places, Miner(model, data).Mine(Weights(model), model.Card with { FeaturewiseMean = 60, RescaleFactor = 1 }, Cancel));
        Assert.All(miner.Cut(places, Cancel), patch => Assert.Equal((32, 32, 0), (patch.Pixels.Height, patch.Pixels.Width, patch.Label)));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(6.0, false)]
    [InlineData(6.0, true)]
    public void A_mined_patch_has_the_pixels_of_a_patch_set(double? contrast, bool zScore)
    {
        var film = DefaultSamplerTests.Breast(5);
        var size = new ImageSize(150, 105);
        var frame = new PatchFrame(film, new PatchSetOptions { PatchSize = 24, Size = size, SegmentBreast = false, LocalContrast = contrast, ZScore = zScore });
        var preparation = new Preparation { Size = size, RescaleFactor = 0.01, AutoLevel = true, TargetScale = 255, LocalContrast = contrast, ZScore = zScore };
        var patches = new FilmPatches(film, preparation, 24);
        foreach (var (x, y) in new[] { (0, 0), (50, 70), (104, 149), (12, 140) })
        {
            var (wanted, cut) = (frame.Cut(new PixelPoint(x + 12, y + 12)), patches.Cut(new PixelPoint(x, y)));
            Assert.Equal(wanted.Pixels, cut.Pixels);
            Assert.Equal(zScore, cut.ZScore is not null);
            Assert.Equal(wanted.ZScore?.Pixels, cut.ZScore?.Pixels);
            Assert.Equal((wanted.BitDepth, contrast), (cut.BitDepth, cut.LocalContrast));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    public void A_resumed_training_ends_like_an_uninterrupted_one(int every, int stopAfter)
    {
        var whole = Train(every, null);
        var checkpoints = Path.Combine(_folder, "checkpoints");
        Assert.True(Train(every, new CheckpointOptions(checkpoints, Resume: false), stopAfter).Result.WasCancelled);
        var resumed = Train(every, new CheckpointOptions(checkpoints, Resume: true));
        Assert.True(TinyTraining.AreEqual(whole.Result.FinalWeights, resumed.Result.FinalWeights));
        Assert.Equal(
            whole.Result.Epochs.Select(epoch => (epoch.Epoch, epoch.Loss, epoch.HardNegative, epoch.HardNegativeScore)),
            resumed.Result.Epochs.Select(epoch => (epoch.Epoch, epoch.Loss, epoch.HardNegative, epoch.HardNegativeScore)));
        var other = Assert.Throws<MammoException>(() => Train(every + 1, new CheckpointOptions(checkpoints, Resume: true)));
        Assert.Equal(ErrorIds.CheckpointMismatch, other.ErrorId);
        Assert.Contains("Hard negatives was", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void History_and_card_say_what_was_mined_and_training_is_another_from_then_on()
    {
        var warnings = new List<Finding>();
        var mined = Train(2, null, warnings: warnings);
        Assert.Equal([0, 0, 4, 4], mined.Result.Epochs.Select(epoch => epoch.HardNegative));
        Assert.Null(mined.Result.Epochs[1].HardNegativeScore);
        Assert.InRange(mined.Result.Epochs[2].HardNegativeScore!.Value, 0, 1);
        var without = Train(2, null, data: data => data with { HardNegatives = null });
        Assert.Equal(without.Result.Epochs.Take(2).Select(epoch => epoch.Loss), mined.Result.Epochs.Take(2).Select(epoch => epoch.Loss));
        Assert.NotEqual(without.Result.Epochs[2].Loss, mined.Result.Epochs[2].Loss);

        var record = mined.Card.Training!["hardNegatives"]!;
        Assert.Equal((3, 2, 2), ((int)record["films"]!, (int)record["everyEpochs"]!, (int)record["ofFilm"]!));
        Assert.Equal("160x128", (string?)record["imageSize"]);
        Assert.Equal(3, TrainedPatients.In(mined.Card).Count);
        Assert.Null(without.Card.Training!["hardNegatives"]);
        Assert.Contains("(anywhere.pgm)", Assert.Single(warnings, warning => warning.Id == ErrorIds.FilmNotMined).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hard_negatives_take_the_places_of_other_background_in_each_epoch()
    {
        var data = TinyMining.Data(_folder) with { Augmentation = null };
        var patch = new MinedPatch(new GreyImage(32, 32, 8, [.. Enumerable.Repeat((ushort)77, 1024)]), 0, "film");
        var source = new ImageBatchSource(data, isTraining: true, 1, TinyMining.Options) { HardNegatives = [patch, patch, patch] };
        var batches = (source.SampleCount + 1) / TinyMining.Options.TrainBatchSize;
        string[] Sources(int epoch) => [.. source.Batches((long)epoch * batches, batches, Cancel).SelectMany(batch => batch.Samples)
            .Select(sample => $"{sample.Label} {Path.GetFileName(sample.Source)} {(sample.Source == "film" ? sample.Channels[0][5] : 0)}")];
        var (first, second) = (Sources(0), Sources(1));
        Assert.All(new[] { first, second }, epoch =>
        {
            Assert.Equal(3, epoch.Count(text => text == "0 film 17"));
            Assert.Equal((12, 4), (epoch.Length, epoch.Count(text => text.StartsWith('1'))));
            Assert.Equal(9, epoch.Where(text => !text.Contains("film", StringComparison.Ordinal)).Distinct().Count());
        });
        Assert.NotEqual(first.Order(), second.Order());
        Assert.Equal(first, Sources(0));
    }

    [Fact]
    public void Films_of_validation_are_never_mined()
    {
        var data = TinyMining.Data(_folder);
        var films = data.HardNegatives!.Films;
        AssertLeak(data with { Validation = With(data.Validation, image => image with { Patient = "lesion" }) }, "'lesion'");
        File.Copy(data.Validation.Images[0].Path, Path.Combine(_folder, "copy.pgm"));
        var copy = films.Images[0] with { Path = Path.Combine(_folder, "copy.pgm") };
        var copied = data.HardNegatives with { Films = films with { Images = films.Images.Add(copy) } };
        AssertLeak(data with { HardNegatives = copied }, data.Validation.Images[0].Path);

        // Patches know their films by the table beside their folders.
        var set = Path.Combine(_folder, "set");
        Directory.CreateDirectory(Path.Combine(set, "background"));
        foreach (var image in data.Validation.Images)
            File.Copy(image.Path, Path.Combine(set, "background", Path.GetFileName(image.Path)));
        File.WriteAllLines(Path.Combine(set, "patches.csv"), [
            "path,label,source,image",
            $"background/validation-1.pgm,background,edge,{films.Images[1].Path}",
            "background/other.pgm,background,edge,other.pgm"]);
        var moved = With(data.Validation, image => image with { Path = Path.Combine(set, "background", Path.GetFileName(image.Path)) });
        var ofSet = data with { Validation = moved };
        AssertLeak(ofSet, films.Images[1].Path);
        using var model = TinyMining.Model();
        Assert.NotNull(Miner(model, ofSet with { AllowLeakage = true }));
        Assert.NotNull(Miner(model, data));

        void AssertLeak(TrainingData leaking, string what)
        {
            using var model = TinyMining.Model();
            var error = Assert.Throws<MammoException>(() => Miner(model, leaking));
            Assert.Equal(ErrorIds.DataLeakage, error.ErrorId);
            Assert.Contains(what, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_cannot_be_mined_is_an_error_before_the_training()
    {
        using var model = TinyMining.Model();
        var data = TinyMining.Data(_folder);
        AssertRefused(ErrorIds.TrainingOptionInvalid, "every 4 epochs", mining => mining with { Every = 4 });
        AssertRefused(ErrorIds.TrainingOptionInvalid, "below 1", mining => mining with { Every = 0 });
        AssertRefused(ErrorIds.TrainingOptionInvalid, "0 hard negatives", mining => mining with { Count = 0 });
        AssertRefused(ErrorIds.TrainingOptionInvalid, "smaller than patches", mining => mining with { ImageSize = new ImageSize(24, 128) });
        AssertRefused(ErrorIds.TrainingOptionInvalid, "has no films", mining => mining with { Films = mining.Films with { Images = [] } });
        AssertRefused(ErrorIds.FilmNotMined, "No film of 'films'", mining => mining with { Films = mining.Films with { Images = [mining.Films.Images[2]] } });
        AssertRefused(ErrorIds.FilmNotMined, "normal", mining => mining with { Films = With(mining.Films, film => film with { Rois = [], Class = "benign" }) });
        AssertRefused(ErrorIds.FileNotFound, "none.png", mining => mining with
        {
            Films = With(mining.Films, film => film with { Rois = [new Roi(new RoiMaskFile(Path.Combine(_folder, "none.png")))] }),
        });
        var films = Assert.Throws<MammoException>(() => Miner(model, data with { ArePatches = false }));
        Assert.Contains("patch classifiers", films.Message, StringComparison.Ordinal);
        var unnamed = data with { Train = data.Train with { Classes = ["a", "b"] } };
        Assert.Equal(ErrorIds.ModelClassMismatch, Assert.Throws<MammoException>(() => Miner(model, unnamed)).ErrorId);
        using var whole = TinyTraining.Model();
        Assert.ThrowsAny<MammoException>(() => Miner(whole, data));

        void AssertRefused(string id, string why, Func<HardNegativeMining, HardNegativeMining> change)
        {
            var error = Assert.Throws<MammoException>(() => Miner(model, data with { HardNegatives = change(data.HardNegatives!) }));
            Assert.Equal(id, error.ErrorId);
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
        }
    }

    private static HardNegativeMiner Miner(MammoModel model, TrainingData data) => new(model, TinyMining.Options, data, 4, _ => { }, Cancel);

    private static KeptWeights Weights(MammoModel model)
    {
        using var network = new Mammo.Torch.Network(model.Graph, model.Weights, TorchSharp.torch.CPU, Precision.Float32, forTraining: true);
        return KeptWeights.Of(network);
    }

    private static MammoDataset With(MammoDataset dataset, Func<MammoImage, MammoImage> change) => dataset with { Images = [.. dataset.Images.Select(change)] };

    private (TrainingResult Result, ModelCard Card) Train(
        int every, CheckpointOptions? checkpoint, int stopAfter = int.MaxValue, List<Finding>? warnings = null, Func<TrainingData, TrainingData>? data = null)
    {
        using var model = TinyMining.Model();
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var observer = new TrainingObserver
        {
            Warning = finding => warnings?.Add(finding),
            EpochEnded = epoch =>
            {
                if (epoch.Epoch == stopAfter)
                    cancelled.Cancel();
            },
        };
        var result = new Trainer(model, TinyMining.Options with { AverageDecay = 0.9 }) { Observer = observer, Checkpoint = checkpoint }
            .Train(TinyMining.Stages(model, 4), (data ?? (same => same))(TinyMining.Data(_folder, every)), cancelled.Token);
        return (result, model.Card);
    }
}
