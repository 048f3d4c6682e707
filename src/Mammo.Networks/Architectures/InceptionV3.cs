using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>
/// InceptionV3 as in Keras 2.0.8 (Szegedy et al., arXiv:1512.00567): no biases, batch norm without gamma, automatic names in the order of creation.
/// </summary>
internal static class InceptionV3
{
    private static readonly Size2D Row3 = new(1, 3);
    private static readonly Size2D Column3 = new(3, 1);
    private static readonly Size2D Row7 = new(1, 7);
    private static readonly Size2D Column7 = new(7, 1);

    public static Node Body(Node input)
    {
        var x = Conv(input, 32, 3, 2, Padding.Valid);
        x = Conv(x, 32, 3, 1, Padding.Valid);
        x = Conv(x, 64, 3).MaxPool(3, 2);
        x = Conv(x, 80, 1, 1, Padding.Valid);
        x = Conv(x, 192, 3, 1, Padding.Valid).MaxPool(3, 2);
        x = Mixed5x5(x, 32, "mixed0");
        x = Mixed5x5(x, 64, "mixed1");
        x = Mixed5x5(x, 64, "mixed2");
        x = Mixed3(x);
        x = Mixed7x7(x, 128, "mixed4");
        x = Mixed7x7(x, 160, "mixed5");
        x = Mixed7x7(x, 160, "mixed6");
        x = Mixed7x7(x, 192, "mixed7");
        x = Mixed8(x);
        x = Mixed3x3(x, "mixed9_0", "mixed9");
        return Mixed3x3(x, "mixed9_1", "mixed10");
    }

    private static Node Mixed5x5(Node x, int poolFilters, string name)
    {
        var direct = Conv(x, 64, 1);
        var wide = Conv(Conv(x, 48, 1), 64, 5);
        var twice = Conv(Conv(Conv(x, 64, 1), 96, 3), 96, 3);
        return direct.Beside(name, wide, twice, Pooled(x, poolFilters));
    }

    private static Node Mixed3(Node x)
    {
        var direct = Conv(x, 384, 3, 2, Padding.Valid);
        var twice = Conv(Conv(Conv(x, 64, 1), 96, 3), 96, 3, 2, Padding.Valid);
        return direct.Beside("mixed3", twice, x.MaxPool(3, 2));
    }

    private static Node Mixed7x7(Node x, int narrow, string name)
    {
        var direct = Conv(x, 192, 1);
        var once = Conv(Conv(Conv(x, narrow, 1), narrow, Row7), 192, Column7);
        var twice = Conv(Conv(Conv(x, narrow, 1), narrow, Column7), narrow, Row7);
        twice = Conv(Conv(twice, narrow, Column7), 192, Row7);
        return direct.Beside(name, once, twice, Pooled(x, 192));
    }

    private static Node Mixed8(Node x)
    {
        var once = Conv(Conv(x, 192, 1), 320, 3, 2, Padding.Valid);
        var wide = Conv(Conv(Conv(x, 192, 1), 192, Row7), 192, Column7);
        wide = Conv(wide, 192, 3, 2, Padding.Valid);
        return once.Beside("mixed8", wide, x.MaxPool(3, 2));
    }

    private static Node Mixed3x3(Node x, string innerName, string name)
    {
        var direct = Conv(x, 320, 1);
        var once = Fork(Conv(x, 384, 1), innerName);
        var twice = Fork(Conv(Conv(x, 448, 1), 384, 3), null);
        return direct.Beside(name, once, twice, Pooled(x, 192));
    }

    private static Node Fork(Node x, string? name)
    {
        var row = Conv(x, 384, Row3);
        return row.Beside(name, Conv(x, 384, Column3));
    }

    private static Node Pooled(Node x, int filters) => Conv(x.AveragePool(Size2D.Square(3), Size2D.Square(1), Padding.Same), filters, 1);

    private static Node Conv(Node x, int filters, int kernel, int stride = 1, Padding padding = Padding.Same) =>
        Conv(x, filters, Size2D.Square(kernel), stride, padding);

    private static Node Conv(Node x, int filters, Size2D kernel, int stride = 1, Padding padding = Padding.Same) =>
        x.Conv(filters, kernel, stride, padding, bias: false).BatchNorm(scale: false).Relu();
}
