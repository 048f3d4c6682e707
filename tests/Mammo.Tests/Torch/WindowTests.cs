using CsCheck;
using Mammo.Networks.Graphs;

namespace Mammo.Tests.Torch;

public class WindowTests
{
    private sealed record Case(int Rows, int Columns, Size2D Kernel, Size2D Strides, Size2D Dilation, Padding Padding, int Seed);

    private static readonly Gen<Case> Cases =
        from rows in Gen.Int[5, 11]
        from columns in Gen.Int[5, 11]
        from kernel in Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5], (height, width) => new Size2D(height, width))
        from strides in Gen.Select(Gen.Int[1, 4], Gen.Int[1, 4], (height, width) => new Size2D(height, width))
        from padding in Gen.Bool.Select(isSame => isSame ? Padding.Same : Padding.Valid)
        from seed in Gen.Int[0, 1000]
        select new Case(rows, columns, kernel, strides, Size2D.Square(1), padding, seed);

    [Fact]
    public void Convolutions_equal_loops_over_TensorFlows_rule() => Cases.Sample(
        c =>
        {
            var kind = new LayerKind.Conv2D(3, c.Kernel, c.Strides, c.Padding, c.Dilation, UseBias: true, Activation.Linear);
            var (graph, x) = (new TestGraph(c.Rows, c.Columns, 2).Then("conv", kind).Graph(), RandomWeights.Normal(c.Rows * c.Columns * 2, c.Seed));
            var weights = RandomWeights.For(graph, c.Seed);
            var expected = WindowReference.Convolve(
                x, c.Rows, c.Columns, 2, weights["conv/kernel"].Values, weights["conv/bias"].Values, c.Kernel, c.Strides, c.Dilation, c.Padding);
            Assert.InRange(NetworkRuns.Distance(expected, NetworkRuns.Infer(graph, weights, x, [1, c.Rows, c.Columns, 2])), 0, 1e-12);
        },
        iter: 60, threads: 1);

    [Fact]
    public void Maximum_pools_equal_loops_over_TensorFlows_rule() => Cases.Sample(
        c => AssertPool(new LayerKind.MaxPooling2D(c.Kernel, c.Strides, c.Padding), c, cells => cells.Max()), iter: 60, threads: 1);

    [Fact]
    public void Average_pools_equal_loops_over_TensorFlows_rule() => Cases.Sample(
        c => AssertPool(new LayerKind.AveragePooling2D(c.Kernel, c.Strides, c.Padding), c, cells => cells.Average()), iter: 60, threads: 1);

    private static void AssertPool(LayerKind kind, Case c, Func<IReadOnlyList<double>, double> fold)
    {
        // All negative, so that a zero from the border would win.
        float[] x = [.. RandomWeights.Normal(c.Rows * c.Columns * 2, c.Seed).Select(value => value - 10)];
        var expected = WindowReference.Slide(x, c.Rows, c.Columns, 2, c.Kernel, c.Strides, c.Dilation, c.Padding, fold);
        var actual = NetworkRuns.Infer(
            new TestGraph(c.Rows, c.Columns, 2).Then("pool", kind).Graph(), new Dictionary<string, Weight>(), x, [1, c.Rows, c.Columns, 2]);
        Assert.InRange(NetworkRuns.Distance(expected, actual), 0, 1e-12);
    }
}
