using System.Text.Json;
using Mammo.Torch;
using Mammo.Torch.Training.Losses;
using Mammo.Torch.Training.Runs;
using TorchSharp;

namespace Mammo.Tests.Torch.Training.Losses;

public sealed class LossTests
{
    private static readonly JsonElement[] Recorded = [
        .. JsonDocument.Parse(File.ReadAllBytes(Shared.Data("oracle", "callbacks", "losses_metrics.json"))).RootElement.EnumerateArray()];

    public LossTests() => NativeTorch.EnsureLoaded();

    [Fact]
    public void Cross_entropy_gradient_and_accuracy_are_Kerass()
    {
        var expected = Recorded.Single(item => item.GetProperty("kind").GetString() == "categorical_crossentropy");
        using var scope = torch.NewDisposeScope();
        var (truth, rows) = (Rows(expected, "y_true"), Rows(expected, "y_pred"));
        var probabilities = torch.tensor(Square(rows), requires_grad: true);
        var perSample = CrossEntropy.PerSample(probabilities, torch.tensor(Square(truth)));
        AssertClose(Numbers(expected, "per_sample"), perSample.data<double>().ToArray(), 1e-10);
        CrossEntropy.WeightedSum(perSample, [.. Enumerable.Repeat(1.0, rows.Length)]).backward();
        AssertClose([.. Rows(expected, "gradient_of_sum_wrt_y_pred").SelectMany(row => row)], probabilities.grad!.data<double>().ToArray(), 1e-10);

        var scores = Scores.Of(probabilities);
        int[] labels = [.. truth.Select(row => Array.IndexOf(row, 1))];
        Assert.Equal((int)Numbers(expected, "categorical_accuracy").Sum(), scores.Correct(labels));
    }

    [Fact]
    public void Class_areas_are_the_originals()
    {
        var cases = Recorded.Where(item => item.GetProperty("kind").GetString()!.StartsWith("calc_test_auc", StringComparison.Ordinal)).ToArray();
        Assert.Equal(3, cases.Length);
        foreach (var expected in cases)
        {
            var (truth, rows) = (Rows(expected, "y_true"), Rows(expected, "y_pred"));
            var scores = new Scores(rows[0].Length, [.. rows.SelectMany(row => row)]);
            var weights = expected.TryGetProperty("sample_weight", out var given) && given.ValueKind == JsonValueKind.Array ? given.EnumerateArray()
                .Select(item => item.GetDouble()).ToArray() : [];
            var areas = scores.ClassAuc([.. truth.Select(row => Array.IndexOf(row, 1))], weights);
            var result = new ValidationResult(0, 0, [.. areas]);
            var auc = expected.GetProperty("auc_per_class");
            if (auc.ValueKind == JsonValueKind.Array)
                AssertClose(Numbers(expected, "auc_per_class"), areas, 1e-12);
            else
                Assert.Equal(auc.GetDouble(), result.Auc);
            if (expected.TryGetProperty("mean", out var mean))
                Assert.Equal(mean.GetDouble(), result.Auc, 1e-12);
        }
    }

    [Fact]
    public void Balanced_batches_weigh_classes_alike_and_class_weights_follow_the_original()
    {
        Assert.Equal([4, (float)(4 / 3.0), (float)(4 / 3.0), (float)(4 / 3.0)], SampleWeights.Balanced([1, 0, 0, 0]));
        Assert.Equal([1, 3.5, 1], SampleWeights.OfClasses([0, 1, 0], 2, 3.5, 9));
        Assert.Equal([1, 3.5, 9], SampleWeights.OfClasses([0, 1, 2], 3, 3.5, 9));
        Assert.Equal([1, 1, 1], SampleWeights.OfClasses([0, 1, 3], 4, 3.5, 9));
    }

    [Fact]
    public void Smoothed_targets_still_sum_to_one()
    {
        using var scope = torch.NewDisposeScope();
        var targets = CrossEntropy.Targets([2, 0], 4, 0.2, torch.ScalarType.Float64, torch.CPU).data<double>().ToArray();
        AssertClose([0.05, 0.05, 0.85, 0.05, 0.85, 0.05, 0.05, 0.05], targets, 1e-15);
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Paired(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance * Math.Max(1, Math.Abs(pair.First))));
    }

    private static double[] Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(item => item.GetDouble())];

    private static double[][] Rows(JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(row => row.EnumerateArray().Select(item => item.GetDouble()).ToArray())];

    private static double[,] Square(double[][] rows)
    {
        var square = new double[rows.Length, rows[0].Length];
        for (var row = 0; row < rows.Length; row++)
        {
            for (var column = 0; column < rows[0].Length; column++)
                square[row, column] = rows[row][column];
        }

        return square;
    }
}
