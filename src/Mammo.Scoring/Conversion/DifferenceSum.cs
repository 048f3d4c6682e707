namespace Mammo.Scoring.Conversion;

/// <summary>Differences of a layer's values from float64's, added up.</summary>
internal sealed class DifferenceSum
{
    private long _count;
    private double _greatest;
    private double _sum;
    private double _squares;

    /// <summary>Adds as many values of both.</summary>
    public void Add(ReadOnlySpan<float> found, ReadOnlySpan<double> exact)
    {
        for (var index = 0; index < exact.Length; index++)
        {
            // Infinities of both are equal.
            var difference = found[index] == exact[index] ? 0 : Math.Abs(found[index] - exact[index]);
            if (double.IsNaN(difference))
                difference = double.PositiveInfinity;
            _greatest = Math.Max(_greatest, difference);
            _sum += difference;
            _squares += exact[index] * exact[index];
        }

        _count += exact.Length;
    }

    /// <summary>What was found.</summary>
    public LayerAccuracy Of(string name, string kind, int tile) =>
        new(name, kind, tile, _greatest, _sum / _count, Math.Sqrt(_squares / _count));
}
