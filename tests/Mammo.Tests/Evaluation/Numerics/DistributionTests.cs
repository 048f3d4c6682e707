using System.Text.Json.Nodes;
using CsCheck;
using Mammo.Evaluation.Bootstrap;
using Mammo.Evaluation.Numerics;
using static Mammo.Tests.Evaluation.EvaluationData;

namespace Mammo.Tests.Evaluation.Numerics;

/// <summary>Against scipy.</summary>
public sealed class DistributionTests
{
    private static readonly JsonNode Data = Read("distributions.json");

    [Fact]
    public void The_normal_distribution_equals_scipys()
    {
        foreach (var row in Rows("normalCdf"))
            Close(row[1], NormalDistribution.Cdf(row[0]), 1e-12);
        foreach (var row in Rows("normalQuantile"))
            Assert.Equal(row[1], NormalDistribution.Quantile(row[0]), 1e-12);
        Assert.Equal((double.NegativeInfinity, double.PositiveInfinity), (NormalDistribution.Quantile(0), NormalDistribution.Quantile(1)));
    }

    [Fact]
    public void Binomial_tails_and_exact_bounds_equal_scipys()
    {
        foreach (var row in Rows("binomial"))
        {
            var (k, n, p) = ((long)row[0], (long)row[1], row[2]);
            Close(row[3], BinomialDistribution.AtMost(k, n, p), 1e-10);
            Close(row[4], BinomialDistribution.AtLeast(k, n, p), 1e-10);
        }

        foreach (var row in Rows("bounds"))
        {
            Close(row[3], BinomialDistribution.UpperBound((long)row[0], (long)row[1], row[2]), 1e-10);
            Close(row[4], BinomialDistribution.LowerBound((long)row[0], (long)row[1], row[2]), 1e-10);
        }
    }

    [Fact]
    public void Wilsons_interval_equals_scipys()
    {
        foreach (var row in Rows("wilson"))
        {
            var interval = Proportion.Wilson(row[0], row[1]);
            Assert.Equal(row[2], interval.Lower!.Value, 1e-12);
            Assert.Equal(row[3], interval.Upper!.Value, 1e-12);
        }
    }

    [Fact]
    public void Bca_and_percentile_intervals_equal_scipys_on_the_same_replicates()
    {
        var bca = Data["bca"]!;
        var sample = Numbers(bca["sample"]);
        double[] leftOut = [.. sample.Select(value => (sample.Sum() - value) / (sample.Length - 1))];
        var (accelerated, percentile) = BootstrapIntervals.Of((double)bca["value"]!, Numbers(bca["replicates"]), leftOut);
        Assert.Equal((double)bca["lower"]!, accelerated.Lower!.Value, 1e-10);
        Assert.Equal((double)bca["upper"]!, accelerated.Upper!.Value, 1e-10);
        Equal(Numbers(bca["percentile"]), [percentile.Lower!.Value, percentile.Upper!.Value]);
    }

    [Fact]
    public void Random_numbers_are_even_and_a_permutation_is_one()
    {
        var random = new SeededRandom(5, 0);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
            counts[random.Below(7)]++;
        // Six degrees of freedom: chi-square above 22.5 in one of a thousand seeds.
        Assert.True(counts.Sum(count => (count - 10_000.0) * (count - 10_000) / 10_000) < 22.5);
        Assert.Equal(Enumerable.Range(0, 100), random.Permutation(100).Order());
        Assert.NotEqual(new SeededRandom(5, 1).Next(), new SeededRandom(5, 0).Next());
    }

    [Fact]
    public void Bounds_and_tails_agree() => Gen.Select(Gen.Int[1, 400], Gen.Double[0, 1], Gen.Double[0.001, 0.5]).Sample((n, share, alpha) =>
    {
        var k = (int)(share * n);
        var upper = BinomialDistribution.UpperBound(k, n, alpha);
        Assert.True(k == n ? upper == 1 : Math.Abs(BinomialDistribution.AtMost(k, n, upper) - alpha) < 1e-9);
        Assert.Equal(1, BinomialDistribution.AtMost(k - 1, n, 0.3) + BinomialDistribution.AtLeast(k, n, 0.3), 1e-12);
    });

    private static IEnumerable<double[]> Rows(string key) => Data[key]!.AsArray().Select(Numbers);

    private static void Close(double expected, double actual, double relative) => Assert.True(
        Math.Abs(expected - actual) <= relative * Math.Abs(expected), $"{actual} is not {expected}");
}
