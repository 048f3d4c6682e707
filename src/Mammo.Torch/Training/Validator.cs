using Mammo.Torch;
using Mammo.Torch.Training.Batches;
using Mammo.Torch.Training.Losses;
using static TorchSharp.torch;

namespace Mammo.Torch.Training;

/// <summary>Validates a network on a source whose pass is the validation set in a fixed order.</summary>
/// <param name="source">The validation set.</param>
/// <param name="batchSize">Samples in a batch.</param>
/// <param name="dropsPartialBatch">Loss and accuracy leave out the last batch when it is not full: the original's accident for sets that are not held in memory. The AUC always takes all.</param>
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
            var (batchLoss, batchScores) = Run(network, batch, batchWeights);
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

    private static (double Loss, Scores Scores) Run(Network network, TrainingBatch batch, double[] weights)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var probabilities = network.Forward([network.Place(BatchTensor.Of(batch))], Pass.Inference)[0];
        var targets = CrossEntropy.Targets(batch.Labels, (int)probabilities.shape[^1], 0, probabilities.dtype, probabilities.device);
        var sum = CrossEntropy.WeightedSum(CrossEntropy.PerSample(probabilities, targets), weights);
        var loss = sum.to_type(ScalarType.Float64).item<double>() / Math.Max(1, weights.Count(weight => weight != 0));
        return (loss, Scores.Of(probabilities));
    }
}
