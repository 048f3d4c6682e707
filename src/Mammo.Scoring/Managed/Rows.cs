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

    /// <summary>Adds factor × row. In place: for sums that are returned, the compiler adds a move for every second product.</summary>
    void AddProduct(TLanes factor, TSelf row);

    /// <summary>The row and values that lie one behind the other.</summary>
    TSelf Add(float* addend);

    /// <summary>max(x, 0) of all values.</summary>
    TSelf Relu();

    /// <summary>Writes all values.</summary>
    void Store(float* target);
}

/// <summary>One register.</summary>
internal unsafe struct Row1<TLanes>(TLanes a) : IRow<Row1<TLanes>, TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private TLanes _a = a;

    /// <inheritdoc/>
    public static int Width => TLanes.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row1<TLanes> Load(float* source) => new(TLanes.Load(source));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProduct(TLanes factor, Row1<TLanes> row) => _a.AddProduct(factor, row._a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row1<TLanes> Add(float* addend) => new(_a + TLanes.Load(addend));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row1<TLanes> Relu() => new(_a.Relu());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target) => _a.Store(target);
}

/// <summary>Two registers.</summary>
internal unsafe struct Row2<TLanes>(TLanes a, TLanes b) : IRow<Row2<TLanes>, TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private TLanes _a = a;
    private TLanes _b = b;

    /// <inheritdoc/>
    public static int Width => 2 * TLanes.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row2<TLanes> Load(float* source) => new(TLanes.Load(source), TLanes.Load(source + TLanes.Count));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProduct(TLanes factor, Row2<TLanes> row)
    {
        _a.AddProduct(factor, row._a);
        _b.AddProduct(factor, row._b);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row2<TLanes> Add(float* addend) => new(_a + TLanes.Load(addend), _b + TLanes.Load(addend + TLanes.Count));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row2<TLanes> Relu() => new(_a.Relu(), _b.Relu());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target)
    {
        _a.Store(target);
        _b.Store(target + TLanes.Count);
    }
}

/// <summary>Three registers.</summary>
internal unsafe struct Row3<TLanes>(Row2<TLanes> ab, TLanes c) : IRow<Row3<TLanes>, TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private Row2<TLanes> _ab = ab;
    private TLanes _c = c;

    /// <inheritdoc/>
    public static int Width => 3 * TLanes.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row3<TLanes> Load(float* source) => new(Row2<TLanes>.Load(source), TLanes.Load(source + (2 * TLanes.Count)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProduct(TLanes factor, Row3<TLanes> row)
    {
        _ab.AddProduct(factor, row._ab);
        _c.AddProduct(factor, row._c);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row3<TLanes> Add(float* addend) => new(_ab.Add(addend), _c + TLanes.Load(addend + (2 * TLanes.Count)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row3<TLanes> Relu() => new(_ab.Relu(), _c.Relu());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target)
    {
        _ab.Store(target);
        _c.Store(target + (2 * TLanes.Count));
    }
}

/// <summary>Four registers.</summary>
internal unsafe struct Row4<TLanes>(Row2<TLanes> ab, Row2<TLanes> cd) : IRow<Row4<TLanes>, TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private Row2<TLanes> _ab = ab;
    private Row2<TLanes> _cd = cd;

    /// <inheritdoc/>
    public static int Width => 4 * TLanes.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row4<TLanes> Load(float* source) => new(Row2<TLanes>.Load(source), Row2<TLanes>.Load(source + (2 * TLanes.Count)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProduct(TLanes factor, Row4<TLanes> row)
    {
        _ab.AddProduct(factor, row._ab);
        _cd.AddProduct(factor, row._cd);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row4<TLanes> Add(float* addend) => new(_ab.Add(addend), _cd.Add(addend + (2 * TLanes.Count)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row4<TLanes> Relu() => new(_ab.Relu(), _cd.Relu());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target)
    {
        _ab.Store(target);
        _cd.Store(target + (2 * TLanes.Count));
    }
}
