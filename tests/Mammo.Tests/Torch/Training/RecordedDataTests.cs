using Mammo.Data.Augmentation;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Torch.Training;
using Mammo.Torch.Training.Batches;

namespace Mammo.Tests.Torch.Training;

/// <summary>From the recorded trainings' own pictures to their batches: reading, order, transforms, centring.</summary>
public sealed class RecordedDataTests
{
    [Theory]
    [InlineData("image_vgg16_resnet_sgd", "data_image")]
    [InlineData("image_yaroslav_vgg_adam", "data_image")]
    [InlineData("patch_vgg16_3stage_adam", "data_patch")]
    [InlineData("patch_vgg16_3stage_sgd_balance", "data_patch")]
    public void Batches_of_the_first_stage_are_the_originals(string name, string pictures)
    {
        var recorded = new RecordedRun(name);
        var classes = recorded.Json.GetProperty("class_indices").EnumerateObject().OrderBy(item => item.Value.GetInt32()).Select(item => item.Name).ToArray();
        var files = recorded.Json.GetProperty("train_files").EnumerateArray().Select(item => item.GetString()!);
        var folder = Shared.Data("oracle", "e2e", pictures, "train");
        var images = files.Select(file => new MammoImage(Path.Combine(folder, file)) { Label = Array.IndexOf(classes, file.Split('/')[0]) });
        var set = new MammoDataset(name, [.. classes], [.. images]);
        var data = new TrainingData(set, set, Preparation(recorded))
        {
            Augmentation = recorded.Options.GetProperty("augmentation").GetBoolean() ? AugmentationOptions.Original : null,
            WorkerCount = 2,
        };
        var count = recorded.Json.GetProperty("stages")[0].GetProperty("batches").GetArrayLength();
        var source = new ImageBatchSource(data, isTraining: true, recorded.Json.GetProperty("network_channels").GetInt32(), recorded.TrainingOptions);

        // 16-bit pixels may differ by one stored level after resizing; equalised ones by what that level becomes.
        var tolerance = data.Preparation.EqualizeHistogram ? 2 : 0.01;
        var batches = source.Batches(0, count, TestContext.Current.CancellationToken).ToArray();
        Assert.Equal(count, batches.Length);
        foreach (var (expected, actual) in recorded.TrainingBatches().Batches(0, count, TestContext.Current.CancellationToken).Paired(batches))
        {
            Assert.Equal(expected.Labels, actual.Labels);
            foreach (var (left, right) in expected.Samples.Paired(actual.Samples))
                Assert.All(left.Channels.Paired(right.Channels), planes => AssertNearlyAll(planes.First, planes.Second, tolerance));
        }
    }

    private static void AssertNearlyAll(float[] expected, float[] actual, double tolerance) =>
        Assert.InRange(expected.Paired(actual).Count(pair => !(Math.Abs(pair.First - pair.Second) <= tolerance)), 0, expected.Length / 500);

    private static Preparation Preparation(RecordedRun recorded)
    {
        var size = recorded.Options.GetProperty("img_size");
        return new Preparation
        {
            Size = new ImageSize(size[0].GetInt32(), size[1].GetInt32()),
            TargetScale = Number("img_scale"),
            RescaleFactor = Number("rescale_factor"),
            FeaturewiseMean = Number("featurewise_mean"),
            EqualizeHistogram = recorded.Options.TryGetProperty("equalize_hist", out var equalize) && equalize.GetBoolean(),
        };

        double? Number(string name) => recorded.Options.TryGetProperty(name, out var value) ? value.GetDouble() : null;
    }
}
