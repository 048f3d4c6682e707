namespace Mammo.Data.Segmentation;

/// <summary>The distribution of an image's values over 256 equal steps from its darkest to its brightest (but for the last tenth of a percent).</summary>
internal sealed class GreyHistogram
{
    /// <summary>Number of steps.</summary>
    public const int Steps = 256;

    private readonly float _low;
    private readonly float _width;
    private readonly int[] _counts = new int[Steps];
    private readonly int _all;

    public GreyHistogram(ReadOnlySpan<float> values)
    {
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in values)
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        _low = low;
        _width = (AlmostHighest(values, low, high) - low) / Steps;
        _all = values.Length;
        if (_width <= 0)
            return;
        foreach (var value in values)
            _counts[Step(value)]++;
    }

    /// <summary>All values are the same, or nearly all.</summary>
    public bool IsFlat => _width <= 0;

    /// <summary>The step a value belongs to.</summary>
    public int Step(float value) => Math.Clamp((int)((value - _low) / _width), 0, Steps - 1);

    /// <summary>The lowest value of a step.</summary>
    public double Value(double step) => _low + step * _width;

    /// <summary>The share of values in some steps, the last one included.</summary>
    public double Share(int from, int to) => (double)_counts.AsSpan(Math.Max(from, 0)..(Math.Min(to, Steps - 1) + 1)).ToArray().Sum() / _all;

    /// <summary>The middle of the five steps below a limit that hold the most values.</summary>
    public int Peak(int limit = Steps) => Enumerable.Range(0, limit).MaxBy(step => Share(step - 2, step + 2));

    /// <summary>Otsu's threshold (1979): the first step of the brighter of the two classes that differ most.</summary>
    public int Otsu()
    {
        double sum = 0, below = 0, sumBelow = 0, best = -1;
        var threshold = 0;
        for (var step = 0; step < Steps; step++)
            sum += (double)step * _counts[step];
        for (var step = 0; step < Steps - 1; step++)
        {
            below += _counts[step];
            sumBelow += (double)step * _counts[step];
            if (below == 0 || below == _all)
                continue;
            var difference = sumBelow / below - (sum - sumBelow) / (_all - below);
            var between = below * (_all - below) * difference * difference;
            if (between > best)
                (best, threshold) = (between, step + 1);
        }

        return threshold;
    }

    /// <summary>What all but a thousandth of the values lie below, to a four-thousandth of the range.</summary>
    private static float AlmostHighest(ReadOnlySpan<float> values, float low, float high)
    {
        const int fine = 4096;
        var counts = new int[fine + 1];
        var width = (high - low) / fine;
        if (width <= 0)
            return low;
        foreach (var value in values)
            counts[(int)((value - low) / width)]++;
        var (step, above) = (fine, counts[fine]);
        while (step > 1 && above * 1000L <= values.Length)
            above += counts[--step];
        return low + (step + 1) * width;
    }

    /// <summary>Root mean square distance to a step of the values below it.</summary>
    public double SpreadBelow(int step)
    {
        double squares = 0, count = 0;
        for (var i = 0; i < step; i++)
        {
            squares += (double)_counts[i] * (step - i) * (step - i);
            count += _counts[i];
        }

        return count > 0 ? Math.Sqrt(squares / count) : 0;
    }
}
