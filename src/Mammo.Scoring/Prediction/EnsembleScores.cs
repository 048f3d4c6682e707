namespace Mammo.Scoring.Prediction;

/// <summary>Scores of a batch by one model, averaged over flips.</summary>
internal static class EnsembleScores
{
    /// <summary>Runs all planes of the images, those of one size together, and averages each image's.</summary>
    /// <returns>One array of class probabilities per image.</returns>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelGraphInvalid"/>: the network does not return one vector per image.</exception>
    /// <exception cref="OperationCanceledException">
    /// Cancelled; looked at before each run of the network, since a batch of several models and flips can take a minute.
    /// </exception>
    public static double[][] Run(IEngine engine, IReadOnlyList<LoadedImage> images, int preparation, CancellationToken cancellation)
    {
        var scores = new double[images.Count][];
        foreach (var group in Enumerable.Range(0, images.Count)
            .GroupBy(index => (images[index].Prepared[preparation].Plane.Height, images[index].Prepared[preparation].Plane.Width)))
        {
            // Flip after flip, as the original does: the same planes per run of the network as without flips, so memory does not grow. An engine whose memory
            // hardly grows gets all flips at once.
            var flips = images[group.First()].Flips[preparation].Length;
            var perRun = engine.TakesFlipsTogether ? flips : 1;
            for (var first = 0; first < flips; first += perRun)
            {
                cancellation.ThrowIfCancellationRequested();
                var planes = Enumerable.Range(first, perRun).SelectMany(flip => group.Select(index => images[index].Flips[preparation][flip])).ToArray();
                var output = engine.Run(new PlaneBatch(group.Key.Height, group.Key.Width, planes), cancellation);
                if (output.Shape.Length != 2)
                    throw new MammoException(
                        ErrorIds.ModelGraphInvalid,
                        $"The network returns {output.Shape.Length - 1} axes per image, not one score per class.",
                        "Use Get-MammoHeatmap for heatmap networks.");
                foreach (var (index, plane) in Enumerable.Range(0, perRun).SelectMany(_ => group).Select((index, plane) => (index, plane)))
                    Accumulate(scores[index] ??= new double[output.Shape[1]], output.Of(plane), flips);
            }
        }

        return scores;
    }

    private static void Accumulate(double[] sum, ReadOnlySpan<double> values, int count)
    {
        for (var label = 0; label < sum.Length; label++)
            sum[label] += values[label] / count;
    }
}
