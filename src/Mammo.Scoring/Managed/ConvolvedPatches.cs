using System.Runtime.CompilerServices;

namespace Mammo.Scoring.Managed;

/// <summary>
/// Patches of the output of a 3 × 3 convolution of stride 1 and few channels, computed when they are wanted: the output, often a network's largest map, is
/// never written to memory and read again, which takes longer than computing the pixels that patches share again for each.
/// </summary>
/// <remarks>Each sum is added up in the order of <see cref="ConvolutionStep{TLanes}"/>, so its values are the same to the bit.</remarks>
internal sealed unsafe class ConvolvedPatches<TLanes> : PatchSource
    where TLanes : struct, ILanes<TLanes>
{
    private const int BlockWidth = PackedWeights<TLanes>.BlockWidth;
    private const int GroupRows = MicroKernel<TLanes>.Rows;
    private const int KernelSide = 3;

    private readonly Window _window;
    private readonly ProductWeights<TLanes> _weights;
    private readonly bool _relu;

    // For each group of six pixels of a patch, where the rows of their windows begin in what is read for the patch.
    private readonly nint[] _offsets;

    /// <summary>Describes the convolution.</summary>
    /// <param name="map">What it reads.</param>
    /// <param name="plane">Rows and columns of its output.</param>
    /// <param name="window">Its window.</param>
    /// <param name="weights">Weights in the order row, column, channel.</param>
    /// <param name="relu">max(x, 0) at the end.</param>
    /// <param name="size">Rows and columns of a patch.</param>
    public ConvolvedPatches(FeatureMap map, TileGrid plane, Window window, ProductWeights<TLanes> weights, bool relu, int size)
        : base(map, plane, weights.Packed.Outputs, (weights.Packed.Outputs + TLanes.Count - 1) / TLanes.Count * TLanes.Count, size)
    {
        (_window, _weights, _relu) = (window, weights, relu);
        _offsets = new nint[Groups * GroupRows * KernelSide];
        for (var pixel = 0; pixel < Groups * GroupRows; pixel++)
        {
            // Pixels that the last group lacks: the last one once more.
            var (row, column) = Math.DivRem(Math.Min(pixel, (size * size) - 1), size);
            for (var line = 0; line < KernelSide; line++)
                _offsets[(((pixel / GroupRows * KernelSide) + line) * GroupRows) + (pixel % GroupRows)] = (((row + line) * Side) + column) * map.Channels;
        }
    }

    /// <inheritdoc/>
    public override long MultiplyAdds => (long)Size * Size * _weights.Packed.Depth * _weights.Packed.Outputs;

    /// <inheritdoc/>
    public override long ScratchLength => Scratch.Size((long)Groups * GroupRows * Width) + Scratch.Size(Side * Side * Map.Channels);

    private int Groups => ((Size * Size) + GroupRows - 1) / GroupRows;

    // Rows and columns that are read for a patch.
    private int Side => Size + KernelSide - 1;

    /// <inheritdoc/>
    public override (Reach Rows, Reach Columns) Reach(Window window) => (
        new Reach(1, window.Top + _window.Top, window.Reach.Rows.Extent + KernelSide - 1),
        new Reach(1, window.Left + _window.Left, window.Reach.Columns.Extent + KernelSide - 1));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override Patch At(float* memory, int image, int top, int left, Scratch scratch)
    {
        var patch = scratch.Take((long)Groups * GroupRows * Width);
        var pixels = scratch.Take(Side * Side * Map.Channels);
        Read(memory, image, top - _window.Top, left - _window.Left, pixels);
        for (var block = 0; block < _weights.Packed.Blocks; block++)
            Multiply(block, pixels, patch + (block * BlockWidth));
        Finish(patch);
        if (!IsInsideWhole(top, left))
            Clear(top, left, patch);
        return new Patch(patch, (nint)Size * Width, Width);
    }

    /// <summary>The pixels that a patch is made from, with zeros around the map.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Read(float* memory, int image, int top, int left, float* pixels)
    {
        var channels = Map.Channels;
        var (first, end) = (Math.Max(0, -left), Math.Min(Side, Map.Columns - left));
        var isWhole = top >= 0 && top + Side <= Map.Rows && first == 0 && end == Side;
        if (!isWhole)
            new Span<float>(pixels, Side * Side * channels).Clear();
        for (var row = Math.Max(0, -top); row < Math.Min(Side, Map.Rows - top); row++)
        {
            var source = Map.At(memory) + ((((((long)image * Map.Rows) + top + row) * Map.Columns) + left + first) * Map.Stride);
            var target = pixels + (((row * Side) + first) * channels);
            if (Map.Stride == channels)
            {
                for (var index = 0; index < (end - first) * channels; index++)
                    target[index] = source[index];
                continue;
            }

            for (var column = first; column < end; column++, source += Map.Stride)
            {
                for (var channel = 0; channel < channels; channel++)
                    *target++ = source[channel];
            }
        }
    }

    /// <summary>Sums of a block of outputs for all pixels of a patch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(int block, float* pixels, float* sums)
    {
        var panel = _weights.Packed.Plane(block, 0);
        var width = _weights.Packed.Width(block);
        fixed (nint* offsets = _offsets)
        {
            for (var column = 0; column < width; column += PackedWeights<TLanes>.PanelWidth)
            {
                var registers = Math.Min(PackedWeights<TLanes>.PanelWidth, width - column) / TLanes.Count;
                var kernel = MicroKernel<TLanes>.Of(registers, fetches: false);
                for (var group = 0; group < Groups; group++)
                {
                    kernel(
                        pixels, offsets + (group * GroupRows * KernelSide), KernelSide, KernelSide * Map.Channels, panel,
                        sums + ((long)group * GroupRows * Width) + column, Width, false, null);
                }

                panel += registers * TLanes.Count * _weights.Packed.Depth;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Finish(float* patch)
    {
        var finish = new Finish<TLanes>(_weights.Bias.Pointer, _relu);
        var width = Width;
        for (var pixel = 0; pixel < Size * Size; pixel++, patch += width)
        {
            for (var channel = 0; channel < width; channel += TLanes.Count)
                finish.Apply(TLanes.Load(patch + channel), channel, null).Store(patch + channel);
        }
    }

    /// <summary>Zeros outside the plane, where the convolution would give what it makes of zeros.</summary>
    private void Clear(int top, int left, float* patch)
    {
        for (var pixel = 0; pixel < Size * Size; pixel++)
        {
            if (!IsInside(top + (pixel / Size), left + (pixel % Size)))
                new Span<float>(patch + (pixel * Width), Width).Clear();
        }
    }
}
