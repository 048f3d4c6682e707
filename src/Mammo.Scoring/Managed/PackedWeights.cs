namespace Mammo.Scoring.Managed;

/// <summary>
/// Weights of products in the order in which the micro-kernel takes them: blocks of 64 outputs; in each the planes (the 36 products of a Winograd transform,
/// or one); in each panels as wide as the micro-kernel; in each a row
/// of outputs for every value of the depth. The last block is only as wide as its outputs, rounded up to whole registers and filled with zeros.
/// </summary>
internal sealed unsafe class PackedWeights<TLanes> : IDisposable
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Outputs of a block.</summary>
    public const int BlockWidth = 64;

    private readonly NativeFloats _values;

    /// <summary>Allocates; blocks are filled by <see cref="Set"/> after <see cref="Clear"/>.</summary>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="depth">Number of products that an output sums.</param>
    /// <param name="planes">Number of planes.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.EngineFailed"/>: there is not so much memory.</exception>
    public PackedWeights(int outputs, int depth, int planes)
    {
        (Outputs, Depth, Planes) = (outputs, depth, planes);
        Blocks = (outputs + BlockWidth - 1) / BlockWidth;
        _values = new NativeFloats(checked((((Blocks - 1L) * BlockWidth) + Width(Blocks - 1)) * depth * planes), "weights");
    }

    /// <summary>Number of outputs.</summary>
    public int Outputs { get; }

    /// <summary>Number of products that an output sums.</summary>
    public int Depth { get; }

    /// <summary>Number of planes.</summary>
    public int Planes { get; }

    /// <summary>Number of blocks.</summary>
    public int Blocks { get; }

    /// <summary>Number of values, the filled up ones included.</summary>
    public long Length => _values.Length;

    /// <summary>They stay in the second-level cache, so that nobody needs to fetch them ahead.</summary>
    public bool AreNear => Length <= Tuning.NearWeights;

    /// <summary>Columns of a full panel.</summary>
    public static int PanelWidth => TLanes.PanelRegisters * TLanes.Count;

    /// <summary>Outputs of a block that exist.</summary>
    public int Used(int block) => Math.Min(BlockWidth, Outputs - (block * BlockWidth));

    /// <summary>Outputs of a block, rounded up to whole registers.</summary>
    public int Width(int block) => (Used(block) + TLanes.Count - 1) / TLanes.Count * TLanes.Count;

    /// <summary>The first panel of a plane in a block; the next ones follow, each <see cref="PanelWidth"/> × <see cref="Depth"/> values.</summary>
    public float* Plane(int block, int plane) => _values.Pointer + ((((long)block * BlockWidth * Planes) + ((long)plane * Width(block))) * Depth);

    /// <summary>Fills a block with zeros.</summary>
    public void Clear(int block)
    {
        for (var plane = 0; plane < Planes; plane++)
            new Span<float>(Plane(block, plane), Width(block) * Depth).Clear();
    }

    /// <summary>Sets one weight.</summary>
    /// <param name="block">Block of the output.</param>
    /// <param name="plane">Plane.</param>
    /// <param name="column">Output within the block.</param>
    /// <param name="row">Position in the depth.</param>
    /// <param name="value">The weight.</param>
    public void Set(int block, int plane, int column, int row, float value)
    {
        var first = column / PanelWidth * PanelWidth;
        var width = Math.Min(PanelWidth, Width(block) - first);
        Plane(block, plane)[((long)first * Depth) + ((long)row * width) + (column - first)] = value;
    }

    /// <inheritdoc/>
    public void Dispose() => _values.Dispose();
}
