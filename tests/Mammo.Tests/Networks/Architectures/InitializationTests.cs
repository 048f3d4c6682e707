using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;

namespace Mammo.Tests.Networks.Architectures;

public class InitializationTests
{
    private static readonly LayerGraph Patch = PatchNetwork.Build(new PatchOptions { Architecture = "vgg16", WidthMultiplier = 0.25 });
    private static readonly LayerGraph Whole = WholeImageNetwork.Build(
        Patch, null, new WholeImageOptions { TopDepth = [128, 128], TopRepetition = [1, 1] }).Graph;

    [Fact]
    public void TopKernelsAreTruncatedHeNormal()
    {
        // 3x3x128x128 values; fan_in 1152.
        var values = Initialization.Fill(Whole, 7)["conv2d_2/kernel"].Values;
        var deviation = Math.Sqrt(2.0 / 1152);
        Assert.Equal(147456, values.Length);
        Assert.All(values, value => Assert.InRange(value, -2 * deviation, 2 * deviation));
        Assert.InRange(values.Max(), 1.99 * deviation, 2 * deviation);
        Assert.InRange(values.Min(), -2 * deviation, -1.99 * deviation);

        // Cut at two deviations, with c = 4 φ(2) / (2 Φ(2) - 1) = 0.226259: variance 1 - c, fourth moment 3 (1 - c) - 4 c.
        Assert.Equal(0, Moment(values, 1, deviation), 0.01);
        Assert.Equal(0.773741, Moment(values, 2, deviation), 0.01);
        Assert.Equal(0, Moment(values, 3, deviation), 0.03);
        Assert.Equal((3 * 0.773741) - (4 * (1 - 0.773741)), Moment(values, 4, deviation), 0.03);
    }

    [Fact]
    public void BodyKernelsAreGlorotUniform()
    {
        // 3x3x128x128; fans 1152 each.
        var values = Initialization.Fill(Whole, 7)["model_1/block5_conv2/kernel"].Values;
        var limit = Math.Sqrt(6.0 / (1152 + 1152));
        Assert.All(values, value => Assert.InRange(value, -limit, limit));
        Assert.InRange(values.Max(), 0.999 * limit, limit);
        Assert.Equal(0, Moment(values, 1, limit), 0.01);
        Assert.Equal(1 / 3.0, Moment(values, 2, limit), 0.01);
        Assert.Equal(1 / 5.0, Moment(values, 4, limit), 0.01);
    }

    [Fact]
    public void DepthwiseKernelsHaveKerasFans()
    {
        var xception = PatchNetwork.Build(new PatchOptions { Architecture = "xception", WidthMultiplier = 0.25 });
        var values = Initialization.Fill(xception, 7)["block5_sepconv1/depthwise_kernel"].Values;

        // Keras sees (3, 3, 182, 1): fan_in 9·182, fan_out 9·1.
        var limit = Math.Sqrt(6.0 / ((9 * 182) + 9));
        Assert.Equal(9 * 182, values.Length);
        Assert.InRange(values.Max(Math.Abs), 0.99 * limit, limit);
    }

    [Fact]
    public void EverythingElseIsConstant()
    {
        var weights = Initialization.Fill(Whole, 7);
        Assert.All(weights["conv2d_2/bias"].Values, value => Assert.Equal(0, value));
        Assert.All(weights["batch_normalization_1/gamma"].Values, value => Assert.Equal(1, value));
        Assert.All(weights["batch_normalization_1/beta"].Values, value => Assert.Equal(0, value));
        Assert.All(weights["batch_normalization_1/moving_mean"].Values, value => Assert.Equal(0, value));
        Assert.All(weights["batch_normalization_1/moving_variance"].Values, value => Assert.Equal(1, value));
    }

    [Theory]
    [InlineData("conv2d_2/kernel", 0, "0ea5212797a0e947")]
    [InlineData("conv2d_2/kernel", 12345, "0cc68618397ad0a1")]
    [InlineData("dense_1/kernel", -1, "678da687e2cad1a4")]
    [InlineData("model_1/block1_conv1/kernel", 12345, "48a5e87d816ad72f")]
    public void SameSeedGivesSameBitsEverywhere(string name, long seed, string hash)
    {
        var values = Initialization.Fill(Whole, seed)[name].Values;
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(values)))[..16]);
    }

    [Fact]
    public void ValuesDependOnNameAndSeedOnly()
    {
        var alone = Initialization.Fill(Patch, 3);
        var again = Initialization.Fill(Patch, 3, alone.Where(pair => !pair.Key.StartsWith("block3", StringComparison.Ordinal)).ToDictionary());
        Assert.Equal(alone["block3_conv2/kernel"].Values, again["block3_conv2/kernel"].Values);
        Assert.Same(alone["block1_conv1/kernel"], again["block1_conv1/kernel"]);
        Assert.NotEqual(alone["block3_conv2/kernel"].Values, alone["block3_conv3/kernel"].Values);
        Assert.NotEqual(alone["block3_conv2/kernel"].Values, Initialization.Fill(Patch, 4)["block3_conv2/kernel"].Values);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.25, 0.6744897501960817)]
    [InlineData(0.424, 1.4325027208258112)]
    [InlineData(0.426, 1.4466320671589776)]
    [InlineData(-0.475, -1.9599639845400536)]
    [InlineData(0.499, 3.090232306167813)]
    [InlineData(-0.4999, -3.7190164854557084)]
    public void QuantilesOfTheNormalDistribution(double q, double quantile) =>
        Assert.Equal(quantile, NormalQuantile.AtDistanceFromHalf(q), 2e-15 * Math.Max(1, Math.Abs(quantile)));

    private static double Moment(float[] values, int order, double unit) => values.Average(value => Math.Pow(value / unit, order));
}
