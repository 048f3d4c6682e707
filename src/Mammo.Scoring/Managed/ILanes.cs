namespace Mammo.Scoring.Managed;

/// <summary>
/// A register of float32 values: all that the kernels know of a processor. They are written once over this and compiled for each width; every lane computes
/// the same operations in the same order, so widths agree to the bit.
/// </summary>
/// <typeparam name="TSelf">The width.</typeparam>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>The processor computes this width, with fused multiply-adds, at full speed.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Values in a register.</summary>
    static abstract int Count { get; }

    /// <summary>Registers side by side in a panel of weights: as many as leave room for the sums of six rows.</summary>
    static abstract int PanelRegisters { get; }

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>The value in every lane.</summary>
    static abstract TSelf Of(float value);

    /// <summary>Values one behind the other; need not be aligned.</summary>
    static abstract TSelf Load(float* source);

    /// <summary>left × right + addend, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);

    /// <summary>Adds left × right, rounded once; the same as <see cref="MultiplyAdd"/>, for sums that stay where they are.</summary>
    void AddProduct(TSelf left, TSelf right);

    /// <summary>The larger value; not a number where one of them is.</summary>
    static abstract TSelf Max(TSelf left, TSelf right);

    /// <summary>max(x, 0); what is not a number stays so.</summary>
    TSelf Relu();

    /// <summary>Writes all values; need not be aligned.</summary>
    void Store(float* target);
}
