namespace Mammo.Codecs.Jpeg2000;

/// <summary>Decodes code-blocks, one after the other (T.800, annex D): bytes in, coefficients out. Each thread has its own.</summary>
internal sealed unsafe class CodeBlockDecoder
{
    private readonly CodingPasses _passes = new();
    private readonly PinnedMemory<byte> _segment = new(1 << 14);
    private int[] _region = [];

    /// <summary>Decodes a code-block into the array of its tile-component.</summary>
    /// <param name="stream">The codestream.</param>
    /// <param name="component">The tile-component.</param>
    /// <param name="band">The subband.</param>
    /// <param name="block">The code-block, with at least one pass.</param>
    /// <param name="array">The array.</param>
    public void Decode(ReadOnlySpan<byte> stream, TileComponent component, Subband band, CodeBlock block, CoefficientArray array)
    {
        var (coding, shift) = (component.Coding, component.Shift);
        _passes.Begin(band.Orientation, block.Area.Width, block.Area.Height, (coding.Style & CodeBlockStyle.VerticallyCausal) != 0);
        var planes = band.CodedPlanes(block, shift);
        var (chunk, segmentEnd, hasRegion) = (block.First, 0, false);
        for (var pass = 0; pass < block.Passes; pass++)
        {
            if (pass == segmentEnd)
            {
                segmentEnd = Math.Min(coding.SegmentEnd(pass), block.Passes);
                chunk = Collect(stream, chunk, segmentEnd - pass);
                _passes.StartSegment(_segment.Pointer, coding.IsRaw(pass));
            }

            // The first plane has a cleanup pass alone.
            var plane = planes - 1 - (pass + 2) / 3;
            if (plane == shift - 1 && pass % 3 == 1)
                hasRegion = SetRegionAside();
            Run(coding, pass, plane < shift ? plane : plane - shift);
            // Where an encoder left passes out, it may have cut the last one's symbols off.
            if (pass % 3 == 0 && pass < block.Passes - 1 && (coding.Style & CodeBlockStyle.SegmentationSymbols) != 0)
                _passes.CheckSymbols();
            if ((coding.Style & CodeBlockStyle.Reset) != 0)
                _passes.ResetContexts();
        }

        if (hasRegion)
            BringRegionBack();
        if (coding.IsReversible)
            StoreIntegers(band, block.Area, array);
        else
            StoreNumbers(band, block.Area, array);
    }

    /// <summary>Puts the bytes of one codeword segment, which may come from several packets, behind each other.</summary>
    /// <returns>The chunk behind it.</returns>
    private Chunk? Collect(ReadOnlySpan<byte> stream, Chunk? first, int passes)
    {
        var (length, end) = (0, first);
        for (; passes > 0 && end is not null; end = end.Next)
        {
            length += end.Length;
            passes -= end.Passes;
        }

        _segment.Grow(length + 2);
        var rest = _segment.Span;
        for (var chunk = first; chunk != end; chunk = chunk!.Next)
        {
            stream.Slice(chunk!.Start, chunk.Length).CopyTo(rest);
            rest = rest[chunk.Length..];
        }

        rest[..2].Fill(0xFF);
        return end;
    }

    /// <summary>
    /// A region of interest is shifted up beyond all bit planes of the rest (T.800, annex H): what is significant by then is the region, which is
    /// complete. The planes of the rest are decoded as if it had only been skipped over, so that neither needs more bits than it has.
    /// </summary>
    private bool SetRegionAside()
    {
        var coefficients = _passes.Coefficients;
        if (_region.Length < coefficients.Length)
            _region = new int[coefficients.Length];
        coefficients.CopyTo(_region);
        coefficients.Clear();
        return true;
    }

    private void BringRegionBack()
    {
        var coefficients = _passes.Coefficients;
        for (var i = 0; i < coefficients.Length; i++)
        {
            if (_region[i] != 0)
                coefficients[i] = _region[i];
        }
    }

    private void StoreIntegers(Subband band, Area area, CoefficientArray array)
    {
        for (var y = 0; y < area.Height; y++)
        {
            var source = _passes.Row(y);
            var target = array.Integers(band.Rows.Row(area.Y0 + y)) + band.FirstColumn + area.X0;
            for (var x = 0; x < area.Width; x++, source += 4)
            {
                // Halves are dropped: they are the middle of bit planes that were left out, and nothing where none were.
                var magnitude = (*source & int.MaxValue) >> 1;
                target[x] = *source < 0 ? -magnitude : magnitude;
            }
        }
    }

    private void StoreNumbers(Subband band, Area area, CoefficientArray array)
    {
        var step = (float)(band.Step / 2);
        for (var y = 0; y < area.Height; y++)
        {
            var source = _passes.Row(y);
            var target = array.Numbers(band.Rows.Row(area.Y0 + y)) + band.FirstColumn + area.X0;
            for (var x = 0; x < area.Width; x++, source += 4)
            {
                var magnitude = (*source & int.MaxValue) * step;
                target[x] = *source < 0 ? -magnitude : magnitude;
            }
        }
    }

    private void Run(ComponentCoding coding, int pass, int plane)
    {
        var isRaw = coding.IsRaw(pass);
        switch (pass % 3)
        {
            case 0:
                _passes.CleanUp(plane);
                break;
            case 1 when isRaw:
                _passes.PropagateRaw(plane);
                break;
            case 1:
                _passes.Propagate(plane);
                break;
            case 2 when isRaw:
                _passes.RefineRaw(plane);
                break;
            default:
                _passes.Refine(plane);
                break;
        }
    }
}
