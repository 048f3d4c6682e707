using System.Collections.Frozen;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Torch.Training.Batches;
using Mammo.Torch.Training.Losses;
using Mammo.Torch.Training.Optimizers;
using static TorchSharp.torch;

namespace Mammo.Torch.Training.Runs;

/// <summary>One step: forward, loss, backward, penalty, clipping, change of the weights.</summary>
internal sealed class TrainingStep
{
    private readonly Network _network;
    private readonly TrainingOptions _options;
    private readonly Optimizer _optimizer;
    private readonly FrozenSet<string> _frozenNorms;
    private readonly IReadOnlyList<TrainedWeight> _penalised;
    private readonly GradientClipping _clipping;
    private readonly int _stepsInEpoch;
    private readonly int _classCount;
    private readonly int _background;
    private readonly GradientCheckpointing _pass;

    /// <summary>Prepares steps of a network whose trainable weights are set.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">All its weights; those that require gradients are changed.</param>
    /// <param name="frozenNorms">Batch-norm layers that keep their moving statistics.</param>
    /// <param name="optimizer">Changes the weights.</param>
    /// <param name="options">The training's options.</param>
    /// <param name="stepsInEpoch">Steps of an epoch, for messages.</param>
    /// <param name="size">Rows and columns of the images.</param>
    public TrainingStep(
        Network network, IReadOnlyList<TrainedWeight> weights, FrozenSet<string> frozenNorms, Optimizer optimizer, TrainingOptions options, int stepsInEpoch,
        ImageSize size)
    {
        (_network, _options, _optimizer, _frozenNorms, _stepsInEpoch) = (network, options, optimizer, frozenNorms, stepsInEpoch);
        Trained = [.. weights.Where(weight => weight.Value.requires_grad)];

        // AdamW takes the weight decay outside the loss.
        _penalised = optimizer is AdamW ? [] : [.. weights.Where(weight => weight.WeightDecay != 0)];
        _clipping = new GradientClipping(options.ClipNorm, options.ClipValue);
        var costs = Pieces.Costs(network, size, options.TrainBatchSize);
        var mixing = Pieces.MixingInTraining(frozenNorms);
        _pass = new GradientCheckpointing(
            network,
            options.GradientCheckpoint ? SegmentCuts.Choose(network.Graph, size) : [],
            (first, end) => Pieces.Of(network.Graph, first, end, costs, mixing));
        _background = RoiTraining.Background(network.Graph);
        _classCount = ShapeInference.Infer(network.Graph)[network.Graph.Outputs[0]].Channels!.Value;
    }

    /// <summary>The weights that change.</summary>
    public IReadOnlyList<TrainedWeight> Trained { get; }

    /// <summary>Penalty of all weights that carry one, frozen ones too, as Keras's losses count it.</summary>
    public double Penalty => WeightPenalty.Of(_penalised);

    /// <summary>Takes one step on one or several batches together.</summary>
    /// <param name="batches">Their gradients are summed: but for batch statistics the step is that of one large batch.</param>
    /// <param name="learningRate">Learning rate of the step.</param>
    /// <param name="number">Number of the step in the training; decides the dropout masks.</param>
    /// <param name="cancellation">Ends the step between two layers or batches; no weight is changed then.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.TrainingDiverged"/>: the loss is not a number; the optimiser has not changed a weight then.
    /// </exception>
    public StepResult Run(IReadOnlyList<TrainingBatch> batches, double learningRate, long number, CancellationToken cancellation = default)
    {
        var weights = Weights(batches);
        var counted = Math.Max(1, weights.Count(weight => weight != 0));
        foreach (var weight in Trained)
        {
            using var scope = NewDisposeScope();
            weight.Value.grad?.zero_();
        }

        var (loss, correct, start) = (Penalty, 0, 0);
        for (var part = 0; part < batches.Count; part++)
        {
            var count = batches[part].Samples.Length;
            var seed = Seeds.Mix(Seeds.Mix((ulong)_options.Seed, (int)number), part);
            var (partLoss, partCorrect) = Backward(batches[part], weights.AsSpan(start, count), counted, _options.RoiLoss / batches.Count, seed, cancellation);
            (loss, correct, start) = (loss + partLoss, correct + partCorrect, start + count);
        }

        if (!double.IsFinite(loss))
            throw Diverged(batches, loss, number);
        cancellation.ThrowIfCancellationRequested();
        WeightPenalty.AddGradients(_penalised.Where(weight => weight.Value.requires_grad));
        _clipping.Apply(Trained);
        _optimizer.Step(Trained, learningRate);
        return new StepResult(loss, correct, weights.Length);
    }

    private double[] Weights(IReadOnlyList<TrainingBatch> batches)
    {
        var samples = batches.SelectMany(batch => batch.Samples).ToArray();
        var labels = Array.ConvertAll(samples, sample => sample.Label);
        var weights = _options.AutoBatchBalance
            ? SampleWeights.Balanced(labels)
            : SampleWeights.OfClasses(labels, _classCount, _options.PositiveClassWeight, _options.NegativeClassWeight);
        for (var i = 0; i < samples.Length; i++)
            weights[i] *= samples[i].Weight;
        return weights;
    }

    private (double Loss, int Correct) Backward(
        TrainingBatch batch, ReadOnlySpan<double> weights, int counted, double roiFactor, ulong dropoutSeed, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var (labels, kept) = (batch.Labels, weights.ToArray());
        var (loss, outputs) = _pass.Run(
            [_network.Place(BatchTensor.Of(batch))], Pass.Training(dropoutSeed, _frozenNorms) with { Cancellation = cancellation }, Loss);
        return (loss.to_type(ScalarType.Float64).item<double>(), Scores.Of(outputs[0]).Correct(labels));

        Tensor Loss(Tensor[] outputs)
        {
            var targets = CrossEntropy.Targets(labels, _classCount, _options.LabelSmoothing, outputs[0].dtype, outputs[0].device);
            var loss = CrossEntropy.WeightedSum(CrossEntropy.PerSample(outputs[0], targets), kept) / Number.Of(counted);
            var roiLoss = roiFactor == 0 ? null : RoiLoss.Of(outputs[1], [.. batch.Samples.SelectMany(sample => sample.RoiLabels!)], _background);
            return roiLoss is null ? loss : loss.add(roiLoss, Number.Of(roiFactor));
        }
    }

    private MammoException Diverged(IReadOnlyList<TrainingBatch> batches, double loss, long number)
    {
        var files = string.Join(", ", batches.SelectMany(batch => batch.Samples).Select(sample => sample.Source));
        return new MammoException(
            ErrorIds.TrainingDiverged,
            FormattableString.Invariant(
                $"The loss of batch {(number % _stepsInEpoch) + 1} in epoch {(number / _stepsInEpoch) + 1} is {loss}, on these images: {files}."),
            "Lower the learning rate, check the rescale factor and mean, or clip gradients; the model has the best finished epoch's weights, or its own "
                + "where there was none.",
            files);
    }
}

/// <summary>What one step brought.</summary>
/// <param name="Loss">Loss before the step, weight penalty included.</param>
/// <param name="Correct">Samples classified rightly.</param>
/// <param name="Samples">Samples of the step.</param>
internal readonly record struct StepResult(double Loss, int Correct, int Samples);
