using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Evaluation.Roc;
using Mammo.Torch.Training.Batches;
using Mammo.Torch.Training.Losses;
using static TorchSharp.torch;

namespace Mammo.Torch.Training.Runs;

/// <summary>Validates a network on a source whose pass is the validation set in a fixed order.</summary>
/// <param name="source">The validation set.</param>
/// <param name="batchSize">Samples in a batch.</param>
/// <param name="dropsPartialBatch">
/// Loss and accuracy leave out the last batch when it is not full: the original's accident for sets that are not held in memory. The AUC always takes all.
/// </param>
internal sealed class Validator(IBatchSource source, int batchSize, bool dropsPartialBatch)
{
    /// <summary>Runs the whole set through the network.</summary>
    public ValidationResult Run(Network network, CancellationToken cancellation)
    {
        var (labels, weights, scores) = (new List<int>(source.SampleCount), new List<double>(source.SampleCount), new List<double>());
        var (loss, correct, counted) = (0.0, 0, 0);
        foreach (var batch in source.Batches(0, (source.SampleCount + batchSize - 1) / batchSize, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            double[] batchWeights = [.. batch.Samples.Select(sample => sample.Weight)];
            var (batchLoss, batchScores) = Run(network, batch, batchWeights, cancellation);
            if (!dropsPartialBatch || batch.Samples.Length == batchSize)
            {
                // Keras's evaluation: the mean over batches, each weighted by its number of samples.
                loss += batchLoss * batch.Samples.Length;
                correct += batchScores.Correct(batch.Labels);
                counted += batch.Samples.Length;
            }

            labels.AddRange(batch.Labels);
            weights.AddRange(batchWeights);
            scores.AddRange(batchScores.Values);
        }

        var all = new Scores(scores.Count / labels.Count, [.. scores]);
        return new ValidationResult(loss / counted, (double)correct / counted, [.. all.ClassAuc([.. labels], [.. weights])]);
    }

    private static (double Loss, Scores Scores) Run(Network network, TrainingBatch batch, double[] weights, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var input = network.Place(BatchTensor.Of(batch));
        var images = ImagesPerRun.Of(network, new ImageSize((int)input.shape[2], (int)input.shape[3]));
        var probabilities = cat([.. Enumerable.Range(0, batch.Samples.Length).Chunk(images).Select(part =>
            network.Forward([input.narrow(0, part[0], part.Length)], Pass.Inference with { Cancellation = cancellation })[0])]);
        var targets = CrossEntropy.Targets(batch.Labels, (int)probabilities.shape[^1], 0, probabilities.dtype, probabilities.device);
        var sum = CrossEntropy.WeightedSum(CrossEntropy.PerSample(probabilities, targets), weights);
        var loss = sum.to_type(ScalarType.Float64).item<double>() / Math.Max(1, weights.Count(weight => weight != 0));
        return (loss, Scores.Of(probabilities));
    }
}

/// <summary>How a network does on the validation set, in inference mode.</summary>
/// <param name="CrossEntropy">Loss without the weight penalty.</param>
/// <param name="Accuracy">Share of samples classified rightly.</param>
/// <param name="ClassAuc">AUC of each class; empty when undefined.</param>
internal sealed record ValidationResult(double CrossEntropy, double Accuracy, ImmutableArray<double> ClassAuc)
{
    /// <summary>Mean over the classes; 0 when undefined, as in the original.</summary>
    public double Auc => ClassAuc.IsEmpty ? 0 : ClassAuc.Average();
}

/// <summary>Class probabilities of some samples, row by row.</summary>
/// <param name="ClassCount">Number of classes.</param>
/// <param name="Values">Samples × classes.</param>
internal sealed record Scores(int ClassCount, double[] Values)
{
    /// <summary>Copies a network's output (n, classes).</summary>
    public static Scores Of(Tensor probabilities)
    {
        using var scope = NewDisposeScope();
        return new Scores((int)probabilities.shape[^1], probabilities.detach().to_type(ScalarType.Float64).cpu().contiguous().data<double>().ToArray());
    }

    /// <summary>Samples whose highest probability, the first of equals, is the label's.</summary>
    public int Correct(ReadOnlySpan<int> labels)
    {
        var correct = 0;
        for (var sample = 0; sample < labels.Length; sample++)
        {
            var row = Values.AsSpan(sample * ClassCount, ClassCount);
            var best = 0;
            for (var column = 1; column < row.Length; column++)
                best = row[column] > row[best] ? column : best;
            correct += best == labels[sample] ? 1 : 0;
        }

        return correct;
    }

    /// <summary>One-vs-rest AUC of each class, weighted; empty when it is undefined for one of them, which counts as a mean of 0.</summary>
    public double[] ClassAuc(ReadOnlySpan<int> labels, ReadOnlySpan<double> weights)
    {
        var areas = Auc.PerClass(Values, labels, ClassCount, weights);
        return areas.Any(double.IsNaN) ? [] : areas;
    }
}
