using System.Text;
using Mammo.Data.Datasets;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;
using Mammo.Torch.Training;
using Mammo.Torch.Training.Batches;
using Mammo.Torch.Training.Checks;
using Mammo.Torch.Training.Runs;

namespace Mammo.Tests.Torch.Training.Checks;

/// <summary>What users got wrong is found before the training.</summary>
public sealed class TrainingCheckTests : IDisposable
{
    private readonly string _folder = Shared.NewFolder();
    private readonly MammoModel _model = TinyTraining.Model();
    private readonly TrainingData _data;

    public TrainingCheckTests() => _data = TinyTraining.Data(_folder) with { Preparation = new Preparation { Size = TinyTraining.Size, FeaturewiseMean = 80 } };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _model.Dispose();

    [Fact]
    public void A_sound_training_has_nothing_to_say() => Assert.Empty(Warnings(_data, TinyTraining.Options, TinyTraining.Schedule));

    [Fact]
    public void Looking_at_images_and_files_can_be_cancelled_between_two()
    {
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => ImageChecks.Run(_model, _data, _ => { }, cancelled));
        Assert.Throws<OperationCanceledException>(() => DatasetFingerprint.Of(_data.Train, cancelled));
    }

    [Fact]
    public void An_empty_class_is_an_error()
    {
        var onlyNegative = _data with { Train = _data.Train with { Images = [.. _data.Train.Images.Where(image => image.Label == 0)] } };
        Assert.Contains("'pos'", Error(ErrorIds.ClassEmpty, onlyNegative).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_class_in_validation_is_a_warning()
    {
        var onlyNegative = _data with { Validation = _data.Validation with { Images = [.. _data.Validation.Images.Where(image => image.Label == 0)] } };
        Assert.Equal([ErrorIds.ValidationOneClass], Warnings(onlyNegative, TinyTraining.Options, TinyTraining.Schedule));
    }

    [Fact]
    public void Missing_labels_other_classes_and_other_orders_are_errors()
    {
        Error(ErrorIds.DatasetInvalid, _data with
        { Train = _data.Train with { Images = [.. _data.Train.Images.Select(image => image with { Label = null })] } });
        Error(ErrorIds.DatasetInvalid, _data with { Validation = _data.Validation with { Images = [] } });
        Error(ErrorIds.ModelClassMismatch, _data with { Validation = _data.Validation with { Classes = ["pos", "neg"] } });
        Error(ErrorIds.ModelClassMismatch, _data with
        { Train = _data.Train with { Classes = ["pos", "neg"] }, Validation = _data.Validation with { Classes = ["pos", "neg"] } });
        string[] three = ["neg", "pos", "other"];
        Error(ErrorIds.ModelClassMismatch, _data with
        { Train = _data.Train with { Classes = [.. three] }, Validation = _data.Validation with { Classes = [.. three] } });
    }

    [Fact]
    public void A_patient_in_both_sets_is_an_error_unless_allowed()
    {
        var shared = _data with
        {
            Validation = _data.Validation with
            {
                Images = [
            .. _data.Validation.Images.Select(image => image with { Patient = _data.Train.Images[3].Patient })]
            }
        };
        Assert.Contains("1 patient (train-3)", Error(ErrorIds.DataLeakage, shared).Message, StringComparison.Ordinal);
        Assert.Equal([ErrorIds.DataLeakage], Warnings(shared with { AllowLeakage = true }, TinyTraining.Options, TinyTraining.Schedule));
    }

    [Fact]
    public void The_same_content_under_another_name_is_an_error()
    {
        var copy = Path.Combine(_folder, "copy.pgm");
        File.Copy(_data.Train.Images[2].Path, copy);
        var shared = _data with
        {
            Validation = _data.Validation with
            {
                Images = [
            .. _data.Validation.Images, _data.Validation.Images[0] with { Path = copy, Patient = "someone else" }]
            }
        };
        Assert.Contains(copy, Error(ErrorIds.DataLeakage, shared).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rescale_factor_for_another_bit_depth_is_a_warning()
    {
        var wrong = _data with { Preparation = _data.Preparation with { RescaleFactor = 255 / 65535.0 } };
        Assert.Contains(ErrorIds.BitDepthMismatch, Warnings(wrong, TinyTraining.Options, TinyTraining.Schedule));
    }

    /// <summary>Dense tissue all over, fat, one constant patch (the same in both sets, which is no leak among patches): what would look inverted, dark and far
    /// from the mean in a film.</summary>
    [Fact]
    public void Patches_are_judged_together_and_by_their_highest_value_alone()
    {
        var patches = Patches(8, 150);
        Assert.Contains("1 image (", Error(ErrorIds.DataLeakage, patches with { ArePatches = false }).Message, StringComparison.Ordinal);
        var films = Warnings(patches with { ArePatches = false, AllowLeakage = true }, TinyTraining.Options, TinyTraining.Schedule);
        Assert.Contains(ErrorIds.MaximumNot255, films);
        Assert.Contains(ErrorIds.MeanFarFromData, films);
        Assert.Contains(ErrorIds.ImageConstant, films);
        Assert.Empty(Warnings(patches, TinyTraining.Options, TinyTraining.Schedule));

        var factor = 255 / 65535.0;
        Assert.Equal([ErrorIds.BitDepthMismatch], Warnings(Scaled(patches, factor, equalize: false), TinyTraining.Options, TinyTraining.Schedule));
        Assert.Equal([ErrorIds.BitDepthMismatch], Warnings(Scaled(patches, factor, equalize: true), TinyTraining.Options, TinyTraining.Schedule));
        var deep = Patches(16, 40_000);
        Assert.Equal([ErrorIds.BitDepthMismatch], Warnings(deep, TinyTraining.Options, TinyTraining.Schedule));
        Assert.Empty(Warnings(Scaled(deep, factor, equalize: false), TinyTraining.Options, TinyTraining.Schedule));
        Assert.Contains(
            ErrorIds.BitDepthMismatch,
            Warnings(Scaled(patches, factor, equalize: true) with { ArePatches = false, AllowLeakage = true }, TinyTraining.Options, TinyTraining.Schedule));
    }

    [Fact]
    public void Sizes_are_held_against_the_model()
    {
        var larger = _data with { Preparation = _data.Preparation with { Size = new ImageSize(96, 64) } };
        Assert.Equal([ErrorIds.ImageSizeDiffers], Warnings(larger, TinyTraining.Options, TinyTraining.Schedule));
        Error(ErrorIds.TrainingOptionInvalid, _data with { Preparation = _data.Preparation with { Size = null } });

        using var patch = ModelFactory.Patch(new PatchOptions { Architecture = "vgg16", WidthMultiplier = 1 / 16.0, Classes = ["background", "lesion"] }, 1);
        using var flat = ModelFactory.WholeImage(
            patch, new WholeImageOptions { ImageSize = TinyTraining.Size, AddConv = false, FcInitUnit = 4, FcLayer = 1 }, 1, out _);
        var error = Assert.Throws<MammoException>(() => new Trainer(flat, TinyTraining.Options).Train(TinyTraining.Stages(flat), larger, Cancel));
        Assert.Equal(ErrorIds.ModelInputMismatch, error.ErrorId);
    }

    [Fact]
    public void A_new_head_needs_its_own_stage_and_a_learning_rate()
    {
        Assert.Equal([ErrorIds.FreshTopLayers], Warnings(_data, TinyTraining.Options, TinyTraining.Schedule with { Epoch = 0, AllLayerEpoch = 1 }));
        Assert.Equal(
            [ErrorIds.FreshTopLayers, ErrorIds.LearningRateLow],
            Warnings(_data, TinyTraining.Options, TinyTraining.Schedule with { Epoch = 0, AllLayerEpoch = 1, LearningRate = 1e-4, AllLayerMultiplier = 0.01 }));
        Train(_model, _data, TinyTraining.Options, TinyTraining.Schedule with { AllLayerEpoch = 1 }, []);
        Assert.Empty(
            Warnings(_data, TinyTraining.Options, TinyTraining.Schedule with { Epoch = 0, AllLayerEpoch = 1, LearningRate = 1e-4, AllLayerMultiplier = 0.01 }));
    }

    [Fact]
    public void Options_out_of_range_are_told_by_name()
    {
        AssertTold("BatchSize 0 is", options => options with { BatchSize = 0 });
        AssertTold("BatchSize 1 times TrainBatchMultiplier 0.5", options => options with { BatchSize = 1 });
        AssertTold("Seed -1", options => options with { Seed = -1 });
        AssertTold("AccumulateStep 0", options => options with { AccumulateStep = 0 });
        AssertTold("EarlyStoppingPatience -1", options => options with { EarlyStoppingPatience = -1 });
        AssertTold("LearningRatePatience -1", options => options with { LearningRatePatience = -1 });
        AssertTold("Class weights -1 and 1", options => options with { PositiveClassWeight = -1 });
        AssertTold("Class weights 1 and NaN", options => options with { NegativeClassWeight = double.NaN });
        AssertTold("LabelSmoothing 1", options => options with { LabelSmoothing = 1 });
        AssertTold("LabelSmoothing -0.1", options => options with { LabelSmoothing = -0.1 });
        AssertTold("AverageDecay 1", options => options with { AverageDecay = 1 });
        AssertTold("AverageDecay 0", options => options with { AverageDecay = 0 });
        AssertTold("ClipNorm 0", options => options with { ClipNorm = 0 });
        AssertTold("ClipValue -1", options => options with { ClipValue = -1 });
        AssertTold("RoiLoss Infinity", options => options with { RoiLoss = double.PositiveInfinity });
        AssertTold("WarmUpEpoch -1", options => options with { WarmUpEpoch = -1 });
        AssertTold("a validation set that is not held in", options => options with { Compatibility = TrainingCompatibility.Keras208, BatchSize = 40 });
        AssertTold("learning rate 0 of stage 'top layers'", options => options, TinyTraining.Schedule with { LearningRate = 0 });
        AssertTold("learning rate NaN of stage 'top layers'", options => options, TinyTraining.Schedule with { LearningRate = double.NaN });
        AssertTold("epoch limit -1 of stage 'all layers'", options => options, TinyTraining.Schedule with { AllLayerEpoch = -1 });

        void AssertTold(string told, Func<TrainingOptions, TrainingOptions> change, WholeImageSchedule? schedule = null)
        {
            var error = Assert.Throws<MammoException>(() => Train(_model, _data, change(TinyTraining.Options), schedule ?? TinyTraining.Schedule, []));
            Assert.Equal(ErrorIds.TrainingOptionInvalid, error.ErrorId);
            Assert.Contains(told, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Stages_without_epochs_weights_or_a_later_end_are_told()
    {
        Assert.Equal(ErrorIds.TrainingOptionInvalid, Failure(TinyTraining.Schedule with { Epoch = 0, AllLayerEpoch = 0 }).ErrorId);
        Assert.Contains("'top layers' has no layer", Failure(TinyTraining.Schedule with { TopLayerNumber = 1000 }).Message, StringComparison.Ordinal);
        Assert.Equal([ErrorIds.TrainingOptionInvalid], Warnings(_data, TinyTraining.Options, TinyTraining.Schedule with { Epoch = 30, AllLayerEpoch = 20 }));
        Assert.Empty(Warnings(_data, TinyTraining.Options, TinyTraining.Schedule with { Epoch = 3, AllLayerEpoch = 0 }));

        MammoException Failure(WholeImageSchedule schedule) => Assert.Throws<MammoException>(() => Train(_model, _data, TinyTraining.Options, schedule, []));
    }

    [Fact]
    public void Folders_that_cannot_be_written_and_full_disks_are_found()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        Assert.Equal(ErrorIds.FolderUnwritable, Assert.Throws<MammoException>(() => OutputChecks.RequireRoom(Path.Combine(file, "below"), 0)).ErrorId);
        Assert.Equal(ErrorIds.DiskFull, Assert.Throws<MammoException>(() => OutputChecks.RequireRoom(_folder, long.MaxValue)).ErrorId);
        OutputChecks.RequireRoom(Path.Combine(_folder, "new", "folder"), 1000);
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder, "new", "folder")));
    }

    [Fact]
    public void An_image_that_is_none_is_named()
    {
        var path = _data.Train.Images[5].Path;
        File.WriteAllBytes(path, Encoding.ASCII.GetBytes("P5\n60 80\n255\nshort"));
        var error = Assert.Throws<MammoException>(() => Train(_model, _data, TinyTraining.Options, TinyTraining.Schedule, []));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Ten patches: the first constant, the others bright all over up to the highest value.</summary>
    private TrainingData Patches(int bits, int highest)
    {
        MammoImage Patch(string set, int index)
        {
            var random = new Random((set.Length * 100) + index);
            ushort[] pixels = [
                .. Enumerable.Range(0, 64 * 48).Select(_ => (ushort)(index == 0 ? highest / 4 : random.Next(highest * 9 / 10, highest)))];
            pixels[7] = (ushort)(index == 0 ? pixels[7] : 0);
            var path = Path.Combine(_folder, FormattableString.Invariant($"patch-{set}-{bits}-{index}.png"));
            PngWriter.Write(path, new GreyImage(64, 48, bits, pixels));
            return new MammoImage(path) { Class = index % 2 == 0 ? "neg" : "pos", Label = index % 2 };
        }

        MammoDataset Set(string name) => new(name, ["neg", "pos"], [.. Enumerable.Range(0, 10).Select(index => Patch(name, index))]);

        return _data with
        {
            Train = Set("train"),
            Validation = Set(
            "validation"),
            Preparation = _data.Preparation with { FeaturewiseMean = 40 },
            ArePatches = true
        };
    }

    private static TrainingData Scaled(TrainingData data, double factor, bool equalize) =>
        data with { Preparation = data.Preparation with { RescaleFactor = factor, EqualizeHistogram = equalize } };

    private MammoException Error(string id, TrainingData data)
    {
        var error = Assert.Throws<MammoException>(() => Train(_model, data, TinyTraining.Options, TinyTraining.Schedule, []));
        Assert.Equal(id, error.ErrorId);
        return error;
    }

    /// <summary>Ids of the warnings in front of a training that is cancelled after its first step.</summary>
    private List<string> Warnings(TrainingData data, TrainingOptions options, WholeImageSchedule schedule)
    {
        var warnings = new List<Finding>();
        using var cancelled = new CancellationTokenSource();
        var observer = new TrainingObserver { Warning = warnings.Add, Progress = _ => cancelled.Cancel() };
        new Trainer(_model, options) { Observer = observer }.Train(TinyTraining.Stages(_model, schedule), data, cancelled.Token);
        return [.. warnings.Select(warning => warning.Id)];
    }

    private static void Train(MammoModel model, TrainingData data, TrainingOptions options, WholeImageSchedule schedule, List<Finding> warnings) =>
        new Trainer(model, options) { Observer = new TrainingObserver { Warning = warnings.Add } }.Train(TinyTraining.Stages(model, schedule), data, Cancel);
}
