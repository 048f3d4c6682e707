using CsCheck;
using Mammo.Evaluation.Roc;

namespace Mammo.Tests.Evaluation.Roc;

public class AucIntervalTests
{
    /// <summary>Against the definition: all pairs, the covariance of the placements.</summary>
    [Fact]
    public void It_is_DeLongs_variance_over_all_pairs() => Gen.Select(Gen.Int[0, 6].Array[2, 30], Gen.Int[0, 6].Array[2, 30]).Sample((positive, negative) =>
    {
        double[][] wins = [.. positive.Select(x => negative.Select(y => x > y ? 1.0 : x == y ? 0.5 : 0).ToArray())];
        var area = wins.Average(row => row.Average());
        var rows = wins.Sum(row => Math.Pow(row.Average() - area, 2)) / (positive.Length - 1);
        var columns = Enumerable.Range(0, negative.Length).Sum(j => Math.Pow(wins.Average(row => row[j]) - area, 2)) / (negative.Length - 1);
        var error = Math.Sqrt((rows / positive.Length) + (columns / negative.Length));

        double[] scores = [.. positive, .. negative];
        bool[] labels = [.. positive.Select(_ => true), .. negative.Select(_ => false)];
        var interval = AucInterval.Of(scores, labels)!;
        Assert.Equal(error, interval.StandardError, 1e-12);
        Assert.Equal(Math.Max(0, area - (1.959963984540054 * error)), interval.Lower, 1e-12);
        Assert.Equal(Math.Min(1, area + (1.959963984540054 * error)), interval.Upper, 1e-12);
    });

    [Fact]
    public void Fewer_than_two_of_a_kind_have_none() => Assert.Null(AucInterval.Of([0.1, 0.2, 0.3], [true, false, false]));
}
