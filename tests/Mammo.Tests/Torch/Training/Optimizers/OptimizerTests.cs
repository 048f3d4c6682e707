using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Mammo.Data.Images;
using Mammo.Networks.Files.Keras;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Torch;
using Mammo.Torch.Training;
using Mammo.Torch.Training.Batches;
using Mammo.Torch.Training.Optimizers;
using Mammo.Torch.Training.Runs;
using TorchSharp;

namespace Mammo.Tests.Torch.Training.Optimizers;

/// <summary>Five steps of each optimiser on fixed weights and batches, against Keras 2.0.8.</summary>
public sealed class OptimizerTests
{
    private const int Samples = 6;
    private static readonly JsonElement Unweighted = JsonDocument.Parse("{}").RootElement;
    private static readonly NpyFile X = NpyFile.Read(File("batches_x.npy"));
    private static readonly NpyFile Y = NpyFile.Read(File("batches_y.npy"));
    private static readonly NpyFile Weights = NpyFile.Read(File("batches_sample_weight.npy"));

    public static TheoryData<string> Cases => [.. Json("cases.json").EnumerateArray().Select(item => item.GetProperty("file").GetString()!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Five_steps_in_float64_are_Keras_2_0_8s(string file) => Replay(file, Precision.Float64, 1e-8, skipsNoise: false);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Five_steps_in_float32_are_near_Keras_2_0_8s(string file) => Replay(file, Precision.Float32, 1e-4, skipsNoise: true);

    private static void Replay(string file, Precision precision, double tolerance, bool skipsNoise)
    {
        var expected = Json(file);
        var options = expected.GetProperty("case");
        var model = KerasFile.Read(File(expected.GetProperty("model").GetString()!));
        using var network = new Network(model.Graph, model.Weights, torch.CPU, precision, forTraining: true);
        var frozen = Strings(options, "freeze");
        network.SetTrainable(network.Weights.Select(weight => weight.Plan.Name).Where(name => !frozen.Contains(name.Split('/')[0])).ToFrozenSet());
        var weights = network.Weights.Select(
            weight => new TrainedWeight(
                weight.Plan.Name,
                weight.Value,
                weight.Plan.Name.EndsWith("/kernel", StringComparison.Ordinal) ? L2(model.Graph, weight.Plan.Name) : 0)).ToArray();
        var (optimizer, rate) = Make(options);
        var step = Step();
        Close(expected.GetProperty("l2_penalty_initial").GetDouble(), step.Penalty, tolerance);
        AssertEvaluation(network, step, expected.GetProperty("initial_eval_loss_acc_batch0")[0].GetDouble(), tolerance);

        var number = 0;
        foreach (var after in expected.GetProperty("steps").EnumerateArray())
        {
            if (options.TryGetProperty("switch", out var change) && change.GetInt32() == number)
            {
                optimizer.Dispose();
                (optimizer, rate) = (Optimizer.Make(Enum.Parse<OptimizerKind>(options.GetProperty("to").GetString()!, ignoreCase: true)), options.GetProperty(
                    "to_lr").GetDouble());
                step = Step();
            }

            var result = step.Run([Batch(number, options)], rate, number);
            Close(after.GetProperty("train_on_batch_loss").GetDouble(), result.Loss, tolerance);
            Assert.Equal(after.GetProperty("acc").GetDouble(), (double)result.Correct / Samples, 1e-12);
            AssertWeights(expected.GetProperty("weight_names"), after.GetProperty("weights"), network, tolerance, skipsNoise);
            if (!skipsNoise || !HasNoise(network))
                AssertEvaluation(network, step, after.GetProperty("eval_loss_batch0_after").GetDouble(), tolerance);
            number++;
        }

        if (!skipsNoise)
            AssertState(expected.GetProperty("steps").EnumerateArray().Last().GetProperty("optimizer_state"), optimizer, tolerance);
        optimizer.Dispose();

        TrainingStep Step() => new(network, weights, FrozenSet<string>.Empty, optimizer, Options(options, precision), stepsInEpoch: 5, new ImageSize(8, 8));
    }

    private static TrainingOptions Options(JsonElement options, Precision precision)
    {
        var keywords = options.TryGetProperty("kw", out var given) ? given : default;
        return new TrainingOptions
        {
            AutoBatchBalance = false,
            Precision = precision,
            ClipNorm = Number("clipnorm"),
            ClipValue = Number(
            "clipvalue") is { } value ? (float)value : null
        };

        double? Number(string name) => keywords.ValueKind == JsonValueKind.Object && keywords.TryGetProperty(name, out var number) ? number.GetDouble() : null;
    }

    private static (Optimizer Optimizer, double Rate) Make(JsonElement options)
    {
        if (options.TryGetProperty("make", out var name))
            return (Optimizer.Make(Enum.Parse<OptimizerKind>(name.GetString()!, ignoreCase: true)), options.GetProperty("lr").GetDouble());
        var keywords = options.GetProperty("kw");
        var (kind, decay) = (options.GetProperty("cls").GetString()!, Number("decay", 0));
        return kind switch
        {
            "SGD" => (new Sgd(Number("momentum", 0), keywords.TryGetProperty("nesterov", out var nesterov) && nesterov.GetBoolean()) { Decay = decay },
            Number("lr", 0.01)),
            "RMSprop" => (new Rmsprop { Decay = decay }, Number("lr", 0.001)),
            "Adagrad" => (new Adagrad { Decay = decay }, Number("lr", 0.01)),
            "Adadelta" => (new Adadelta { Decay = decay }, Number("lr", 1)),
            "Adam" => (new Adam { Decay = decay }, Number("lr", 0.001)),
            "Adamax" => (new Adamax { Decay = decay }, Number("lr", 0.002)),
            "Nadam" => (new Nadam { Decay = decay }, Number("lr", 0.002)),
            _ => throw new NotSupportedException(kind),
        };

        double Number(string key, double otherwise) => keywords.TryGetProperty(key, out var number) ? number.GetDouble() : otherwise;
    }

    private static TrainingBatch Batch(int number, JsonElement options)
    {
        var (height, width, channels, classes) = (X.Shape[2], X.Shape[3], X.Shape[4], Y.Shape[2]);
        var zeros = options.TryGetProperty("zero", out var zero) ? zero.GetInt32() : 0;
        return new TrainingBatch(height, width, [.. Enumerable.Range(0, Samples).Select(sample =>
        {
            var at = (number * Samples) + sample;
            var label = Array.IndexOf(Y.Values, 1, at * classes, classes) - (at * classes);
            var pixels = X.Floats.AsSpan(at * height * width * channels, height * width * channels).ToArray();
            float[][] planes = [.. Enumerable.Range(0, channels).Select(channel => pixels.Where((_, index) => index % channels == channel).ToArray())];
            return new TrainingSample(planes, label, Weight(at, sample, label), $"sample {at}");
        })]);

        // Keras takes sample weights in place of class weights where both are given.
        double Weight(int at, int sample, int label)
        {
            if (options.TryGetProperty("sw", out _))
                return sample < zeros ? 0 : Weights.Values[at];
            return options.TryGetProperty("cw", out var byClass) ? byClass.GetProperty(label.ToString(CultureInfo.InvariantCulture)).GetDouble() : 1;
        }
    }

    private static void AssertEvaluation(Network network, TrainingStep step, double expected, double tolerance)
    {
        var source = new RecordedBatches([Batch(0, Unweighted)]);
        var result = new Validator(source, Samples, dropsPartialBatch: false).Run(network, CancellationToken.None);
        Close(expected, result.CrossEntropy + step.Penalty, tolerance);
    }

    private static void AssertWeights(JsonElement names, JsonElement values, Network network, double tolerance, bool skipsNoise)
    {
        foreach (var (name, value) in names.EnumerateArray().Select(item => item.GetString()!.Replace(":0", "", StringComparison.Ordinal))
            .Paired(values.EnumerateArray()))
        {
            if (skipsNoise && (name is "conv/bias" or "bn/moving_mean") && HasNoise(network))
                continue;
            Assert.All(Flat(value).Paired(KerasOrder.Of(network[name])), pair => Close(pair.First, pair.Second, tolerance));
        }
    }

    /// <summary>Keras lists numbers (steps, Nadam's schedule) and then slot after slot, each over all trained weights.</summary>
    private static void AssertState(JsonElement expected, Optimizer optimizer, double tolerance)
    {
        var slots = expected.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Array).ToArray();
        var state = optimizer.State().GroupBy(pair => pair.Key.Split('/')[0]).SelectMany(slot => slot).ToArray();
        Assert.Equal(slots.Length, state.Length);
        Assert.All(
            slots.Paired(state),
            pair => Assert.All(Flat(pair.First).Paired(KerasOrder.Of(pair.Second.Value)), values => Close(values.First, values.Second, tolerance)));
    }

    /// <summary>The gradient of a bias in front of batch norm is rounding noise, which Adam-like optimisers blow up; in inference it does not cancel, and the
    /// moving mean follows it.</summary>
    private static bool HasNoise(Network network) => network.Weights.Any(weight => weight.Plan.Name == "bn/beta");

    private static double L2(LayerGraph graph, string weight) => graph[weight.Split('/')[0]].Kind switch
    {
        LayerKind.Conv2D conv => conv.L2,
        LayerKind.Dense dense => dense.L2,
        _ => 0,
    };

    private static void Close(double expected, double actual, double tolerance) => Assert.Equal(expected, actual, tolerance + (tolerance * Math.Abs(expected)));

    private static IEnumerable<double> Flat(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany(Flat) : [value.GetDouble()];

    private static ImmutableHashSet<string> Strings(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(item => item.GetString()!)] : [];

    private static JsonElement Json(string file) => JsonDocument.Parse(System.IO.File.ReadAllBytes(File(file))).RootElement;

    private static string File(string name) => Shared.Data("oracle", "optimizers", name);
}
