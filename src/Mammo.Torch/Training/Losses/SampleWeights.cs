namespace Mammo.Torch.Training.Losses;

/// <summary>Weights of the samples of one step, from their labels.</summary>
internal static class SampleWeights
{
    /// <summary>
    /// The original's automatic batch balance: 1 / (fraction of the class among these samples). Every class that is present weighs as much as all samples
    /// together, so that the loss is
    /// the class-balanced mean times the number of classes present; this is not renormalised, as in the original. Rounded to float32 as Keras's feeds are.
    /// </summary>
    public static double[] Balanced(ReadOnlySpan<int> labels)
    {
        var counts = new Dictionary<int, int>();
        foreach (var label in labels)
            counts[label] = counts.GetValueOrDefault(label) + 1;
        var weights = new double[labels.Length];
        for (var i = 0; i < labels.Length; i++)
            weights[i] = (float)(labels.Length / (double)counts[labels[i]]);
        return weights;
    }

    /// <summary>The original's class weights: (1, positive) for two classes, (1, positive, negative) for three, 1 each otherwise.</summary>
    public static double[] OfClasses(ReadOnlySpan<int> labels, int classCount, double positive, double negative)
    {
        double[] byClass = classCount switch
        {
            2 => [1, positive],
            3 => [1, positive, negative],
            _ => [.. Enumerable.Repeat(1.0, classCount)],
        };
        var weights = new double[labels.Length];
        for (var i = 0; i < labels.Length; i++)
            weights[i] = byClass[labels[i]];
        return weights;
    }
}
