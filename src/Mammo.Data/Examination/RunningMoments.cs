namespace Mammo.Data.Examination;

/// <summary>Count, range and standard deviation of values that pass by one at a time (Welford's recurrence).</summary>
internal sealed class RunningMoments
{
    private double _mean;
    private double _squares;

    public int Count { get; private set; }

    public double Minimum { get; private set; } = double.PositiveInfinity;

    public double Maximum { get; private set; } = double.NegativeInfinity;

    public double Deviation => Math.Sqrt(_squares / Count);

    public void Add(double value)
    {
        Count++;
        Minimum = Math.Min(Minimum, value);
        Maximum = Math.Max(Maximum, value);
        var difference = value - _mean;
        _mean += difference / Count;
        _squares += difference * (value - _mean);
    }
}
