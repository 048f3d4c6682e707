using Mammo.Evaluation.Sets;

namespace Mammo.Evaluation.Calibration;

/// <summary>Sums over the samples of each bin of a calibration curve.</summary>
internal sealed class BinSums
{
    private readonly ScoredSet _set;
    private readonly byte[] _bins;

    private BinSums(ScoredSet set, byte[] bins, int count) =>
        (_set, _bins, Weight, Score, Positive) = (set, bins, new double[count], new double[count], new double[count]);

    /// <summary>Weight of the samples of each bin.</summary>
    public double[] Weight { get; }

    /// <summary>Weighted sum of their scores.</summary>
    public double[] Score { get; }

    /// <summary>Weight of the positive ones.</summary>
    public double[] Positive { get; }

    /// <summary>The sums for bins with these ends, at most 256 of them.</summary>
    public static BinSums Of(ScoredSet set, double[] edges)
    {
        var bins = new byte[set.Count];
        for (var i = 0; i < bins.Length; i++)
        {
            // The number of inner ends below the score, from where it would be with equal widths.
            var score = set.ScoreArray[i];
            var bin = Math.Min((int)(score * (edges.Length - 1)), edges.Length - 2);
            while (bin > 0 && edges[bin] >= score)
                bin--;
            while (bin < edges.Length - 2 && edges[bin + 1] < score)
                bin++;
            bins[i] = (byte)bin;
        }

        var sums = new BinSums(set, bins, edges.Length - 1);
        sums.Fill([]);
        return sums;
    }

    /// <summary>Room of its own for the same bins.</summary>
    public BinSums Copy() => new(_set, _bins, Weight.Length);

    /// <summary>Sums again, each sample as many times as its patient was drawn.</summary>
    public void Fill(ReadOnlySpan<int> draws)
    {
        Array.Clear(Weight);
        Array.Clear(Score);
        Array.Clear(Positive);
        for (var i = 0; i < _bins.Length; i++)
        {
            var weight = (_set.WeightArray is null ? 1 : _set.WeightArray[i]) * (draws.IsEmpty ? 1 : draws[_set.PatientArray[i]]);
            var bin = _bins[i];
            Weight[bin] += weight;
            Score[bin] += weight * _set.ScoreArray[i];
            Positive[bin] += _set.PositiveArray[i] ? weight : 0;
        }
    }

    /// <summary>
    /// Expected calibration error: the mean over samples of the distance between their bin's mean score and share of positives (Naeini, Cooper and
    /// Hauskrecht, AAAI 2015).
    /// </summary>
    public double Error()
    {
        double sum = 0, whole = 0;
        for (var bin = 0; bin < Weight.Length; bin++)
        {
            sum += Math.Abs(Score[bin] - Positive[bin]);
            whole += Weight[bin];
        }

        return whole > 0 ? sum / whole : double.NaN;
    }
}
