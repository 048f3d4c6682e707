using System.Runtime.CompilerServices;

namespace Mammo.Scoring.Managed;

/// <summary>
/// Registers side by side: the sums of one row of a product, or one row of a panel of weights. The compiler keeps each as registers, so the micro-kernel is
/// written once for all widths.
/// </summary>
internal unsafe interface IRow<TSelf, TLanes>
    where TSelf : struct, IRow<TSelf, TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Values of a row.</summary>
    static abstract int Width { get; }

    /// <summary>Values one behind the other.</summary>
    static abstract TSelf Load(float* source);

    /// <summary>factor × row + addend.</summary>
    static abstract TSelf MultiplyAdd(TLanes factor, TSelf row, TSelf addend);

    /// <summary>The row and values that lie one behind the other.</summary>
    TSelf Add(float* addend);

    /// <summary>max(x, 0) of all values.</summary>
    TSelf Relu();

    /// <summary>Writes all values.</summary>
    void Store(float* target);
}

/// <summary>One register.</summary>
internal readonly unsafe struct Row1<TLanes>(TLanes a) : IRow<Row1<TLanes>, TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private readonly TLanes _a = a;

    /// <inheritdoc/>
    public static int Width => TLanes.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row1<TLanes> Load(float* source) => new(TLanes.Load(source));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row1<TLanes> MultiplyAdd(TLanes factor, Row1<TLanes> row, Row1<TLanes> addend) => new(TLanes.MultiplyAdd(factor, row._a, addend._a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Row1<TLanes> Add(float* addend) => new(_a + TLanes.Load(addend));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Row1<TLanes> Relu() => new(_a.Relu());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => _a.Store(target);
}

/// <summary>Two registers.</summary>
internal readonly unsafe struct Row2<TLanes>(TLanes a, TLanes b) : IRow<Row2<TLanes>, TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private readonly TLanes _a = a;
    private readonly TLanes _b = b;

    /// <inheritdoc/>
    public static int Width => 2 * TLanes.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row2<TLanes> Load(float* source) => new(TLanes.Load(source), TLanes.Load(source + TLanes.Count));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row2<TLanes> MultiplyAdd(TLanes factor, Row2<TLanes> row, Row2<TLanes> addend) =>
        new(TLanes.MultiplyAdd(factor, row._a, addend._a), TLanes.MultiplyAdd(factor, row._b, addend._b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Row2<TLanes> Add(float* addend) => new(_a + TLanes.Load(addend), _b + TLanes.Load(addend + TLanes.Count));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Row2<TLanes> Relu() => new(_a.Relu(), _b.Relu());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target)
    {
        _a.Store(target);
        _b.Store(target + TLanes.Count);
    }
}

/// <summary>Three registers.</summary>
internal readonly unsafe struct Row3<TLanes>(Row2<TLanes> ab, TLanes c) : IRow<Row3<TLanes>, TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private readonly Row2<TLanes> _ab = ab;
    private readonly TLanes _c = c;

    /// <inheritdoc/>
    public static int Width => 3 * TLanes.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row3<TLanes> Load(float* source) => new(Row2<TLanes>.Load(source), TLanes.Load(source + (2 * TLanes.Count)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row3<TLanes> MultiplyAdd(TLanes factor, Row3<TLanes> row, Row3<TLanes> addend) =>
        new(Row2<TLanes>.MultiplyAdd(factor, row._ab, addend._ab), TLanes.MultiplyAdd(factor, row._c, addend._c));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Row3<TLanes> Add(float* addend) => new(_ab.Add(addend), _c + TLanes.Load(addend + (2 * TLanes.Count)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Row3<TLanes> Relu() => new(_ab.Relu(), _c.Relu());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target)
    {
        _ab.Store(target);
        _c.Store(target + (2 * TLanes.Count));
    }
}

/// <summary>Four registers.</summary>
internal readonly unsafe struct Row4<TLanes>(Row2<TLanes> ab, Row2<TLanes> cd) : IRow<Row4<TLanes>, TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private readonly Row2<TLanes> _ab = ab;
    private readonly Row2<TLanes> _cd = cd;

    /// <inheritdoc/>
    public static int Width => 4 * TLanes.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row4<TLanes> Load(float* source) => new(Row2<TLanes>.Load(source), Row2<TLanes>.Load(source + (2 * TLanes.Count)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row4<TLanes> MultiplyAdd(TLanes factor, Row4<TLanes> row, Row4<TLanes> addend) =>
        new(Row2<TLanes>.MultiplyAdd(factor, row._ab, addend._ab), Row2<TLanes>.MultiplyAdd(factor, row._cd, addend._cd));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Row4<TLanes> Add(float* addend) => new(_ab.Add(addend), _cd.Add(addend + (2 * TLanes.Count)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Row4<TLanes> Relu() => new(_ab.Relu(), _cd.Relu());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target)
    {
        _ab.Store(target);
        _cd.Store(target + (2 * TLanes.Count));
    }
}
