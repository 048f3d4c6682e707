using System.Collections.Immutable;
using System.Text.Json;
using Mammo.Networks.Files.Keras;
using Mammo.Networks.Models;
using Mammo.Torch.Training;
using Mammo.Torch.Training.Batches;

namespace Mammo.Tests.Torch.Training;

/// <summary>One of the oracle's recorded trainings: its options, batches and results.</summary>
internal sealed class RecordedRun
{
    private readonly string _name;

    public RecordedRun(string name)
    {
        _name = name;
        Json = JsonDocument.Parse(File.ReadAllBytes(Path("run.json"))).RootElement;
        Options = Json.GetProperty("options");
        var keras = KerasFile.Read(Path("initial_model.h5"));
        Model = new MammoModel(name, keras.Graph, keras.Weights, new ModelCard());
    }

    public JsonElement Json { get; }

    public JsonElement Options { get; }

    public MammoModel Model { get; }

    public bool IsWholeImage => Options.TryGetProperty("patch_net", out _);

    public int TrainCount => Json.GetProperty("train_files").GetArrayLength();

    public ImmutableArray<TrainingStage> Stages => IsWholeImage
        ? new WholeImageSchedule
        {
            Epoch = Int("nb_epoch"),
            AllLayerEpoch = Int("all_layer_epochs"),
            LearningRate = Number("init_lr"),
            AllLayerMultiplier = Number("all_layer_multiplier"),
            WeightDecay = Number("weight_decay"),
            WeightDecay2 = Number("weight_decay2"),
        }.Stages(Model.Graph, TrainingCompatibility.Keras208)
        : new PatchSchedule
        {
            Epoch = Int("nb_epoch"),
            TopLayerEpoch = Int("top_layer_epochs"),
            AllLayerEpoch = Int("all_layer_epochs"),
            LearningRate = Number("init_lr"),
            TopLayerMultiplier = Number("top_layer_multiplier"),
            AllLayerMultiplier = Number("all_layer_multiplier"),
            WeightDecay = Number("weight_decay"),
            WeightDecay2 = Number("weight_decay2"),
        }.Stages(Model.Graph);

    public TrainingOptions TrainingOptions => new()
    {
        Optimizer = Enum.Parse<OptimizerKind>(Options.GetProperty("optim").GetString()!, ignoreCase: true),
        BatchSize = Int("batch_size"),
        TrainBatchMultiplier = Number("train_bs_multiplier"),
        EarlyStoppingPatience = Int("es_patience"),
        LearningRatePatience = Int("lr_patience"),
        AutoBatchBalance = Options.GetProperty("auto_batch_balance").GetBoolean(),
        PositiveClassWeight = Options.TryGetProperty("pos_cls_weight", out _) ? Number("pos_cls_weight") : 1,
        NegativeClassWeight = Options.TryGetProperty("neg_cls_weight", out _) ? Number("neg_cls_weight") : 1,
        BestBy = IsWholeImage ? BestCriterion.Auc : BestCriterion.Accuracy,
        Compatibility = TrainingCompatibility.Keras208,
        Device = "cpu",
    };

    /// <summary>The recorded training batches, in order over all stages.</summary>
    public RecordedBatches TrainingBatches()
    {
        var index = Json.TryGetProperty("batches_x_index", out var rows) ? rows.EnumerateArray().Select(item => item.GetInt32()).ToArray() : null;
        var samples = Samples(
            index is null ? "batches_x.npy" : "batches_x_unique.npy", "batches_y.npy", Json.GetProperty("batches_x_channels_stored").GetInt32(), index);
        var batches = new List<TrainingBatch>();
        var start = 0;
        foreach (var size in Json.GetProperty("batch_sizes").EnumerateArray().Select(item => item.GetInt32()))
        {
            batches.Add(samples with { Samples = [.. samples.Samples.AsSpan(start, size)] });
            start += size;
        }

        return new RecordedBatches(batches) { SampleCount = TrainCount };
    }

    /// <summary>The validation set in batches.</summary>
    public RecordedBatches ValidationBatches()
    {
        var all = Samples("val_x.npy", "val_y.npy", Json.GetProperty("val_x_channels_stored").GetInt32(), null);
        return new RecordedBatches([.. all.Samples.Chunk(Int("batch_size")).Select(samples => all with { Samples = [.. samples] })]);
    }

    /// <summary>Recorded weights by our names.</summary>
    public Dictionary<string, double[]> Weights(string file)
    {
        var values = NpyFile.Read(Path(file)).Values;
        return Json.GetProperty("weight_manifest").EnumerateArray().ToDictionary(Name, item =>
        {
            var length = item.GetProperty("shape").EnumerateArray().Aggregate(1, (product, size) => product * size.GetInt32());
            return values.AsSpan(item.GetProperty("offset").GetInt32(), length).ToArray();
        });

        // Names of weights may carry the suffix of a second graph that their layer's name lacks; those of a nested network name the inner layer.
        static string Name(JsonElement item)
        {
            var (layer, weight) = (item.GetProperty("layer").GetString()!, item.GetProperty("weight").GetString()!.Replace(":0", "", StringComparison.Ordinal));
            return layer.StartsWith("model_", StringComparison.Ordinal) ? $"{layer}/{weight}" : $"{layer}/{weight.Split('/')[^1]}";
        }
    }

    private TrainingBatch Samples(string xFile, string yFile, int storedChannels, int[]? index)
    {
        var (x, y) = (NpyFile.Read(Path(xFile)), NpyFile.Read(Path(yFile)));
        var (height, width) = (x.Shape[1], x.Shape[2]);
        var pixels = height * width * storedChannels;
        var networkChannels = Json.GetProperty("network_channels").GetInt32();
        var floats = x.Floats;
        return new TrainingBatch(height, width, [.. Enumerable.Range(0, y.Shape[0]).Select(row =>
        {
            var image = floats.AsSpan((index?[row] ?? row) * pixels, pixels).ToArray();
            float[][] stored = [.. Enumerable.Range(0, storedChannels).Select(channel => image.Where((_, at) => at % storedChannels == channel).ToArray())];
            var channels = Enumerable.Range(0, networkChannels).Select(channel => stored[channel % storedChannels]).ToArray();
            return new TrainingSample(channels, Array.IndexOf(y.Values, 1, row * y.Shape[1], y.Shape[1]) - (row * y.Shape[1]), 1, $"row {row}");
        })]);
    }

    private int Int(string name) => Options.GetProperty(name).GetInt32();

    private double Number(string name) => Options.GetProperty(name).GetDouble();

    private string Path(string file) => Shared.Data("oracle", "e2e", _name, file);
}
