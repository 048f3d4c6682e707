using Mammo.Scoring.Managed;

namespace Mammo.Tests.Scoring.Managed;

public sealed class KernelRoundingTests
{
    /// <summary>The mean of a tile's outputs for an input of ones is the sum of the kernel; rounded to the nearest, it would be wrong by some 1e-8.</summary>
    [Fact]
    public void The_mean_answer_to_an_even_input_stays()
    {
        var random = new Random(1);
        var order = KernelRounding.Order(Winograd4.Means);
        double chosen = 0, nearest = 0;
        for (var trial = 0; trial < 200; trial++)
        {
            float[] kernel = [.. Enumerable.Range(0, 9).Select(_ => (float)(random.NextDouble() - 0.5))];
            var (exact, rounded) = (new double[36], new float[36]);
            Winograd4.Kernel(kernel, exact);
            KernelRounding.Round(exact, Winograd4.Means, order, rounded);
            var sum = kernel.Sum(value => (double)value);
            Assert.Equal(sum, Mean(exact), 1e-12);
            for (var index = 0; index < 36; index++)
                Assert.InRange(Math.Abs(rounded[index] - exact[index]), 0, MathF.BitIncrement(Math.Abs(rounded[index])) - Math.Abs(rounded[index]));
            chosen += Math.Abs(Mean([.. rounded.Select(value => (double)value)]) - sum);
            nearest += Math.Abs(Mean([.. exact.Select(value => (double)(float)value)]) - sum);
        }

        Assert.True(chosen < nearest / 20, $"{chosen / 200:0.0e0} beside {nearest / 200:0.0e0}");
    }

    private static double Mean(double[] kernel)
    {
        var means = Winograd4.Means;
        return Enumerable.Range(0, 36).Sum(index => means[index / 6] * means[index % 6] * kernel[index]);
    }
}
