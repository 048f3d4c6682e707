using Mammo.Evaluation;
using static TorchSharp.torch;

namespace Mammo.Torch.Training;

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
