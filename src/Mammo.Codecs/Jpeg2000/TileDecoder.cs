namespace Mammo.Codecs.Jpeg2000;

/// <summary>Decodes tiles, one after the other, into the image. Memory is used again for the next tile.</summary>
/// <param name="codestream">The codestream.</param>
/// <param name="threads">Threads at most.</param>
internal sealed unsafe class TileDecoder(Codestream codestream, int threads)
{
    // Below so many code-blocks a second thread costs more than it gives.
    private const int LeastForThreads = 4;

    private readonly CodeBlockDecoder[] _decoders = [.. Enumerable.Range(0, threads).Select(_ => new CodeBlockDecoder())];
    private readonly CoefficientArray[] _arrays = [.. codestream.Size.Components.Select(_ => new CoefficientArray())];

    /// <summary>Decodes a tile.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="images">Where its samples go, one image for each component.</param>
    public void Decode(int index, CodecImage[] images)
    {
        var (tile, size, budget) = (codestream.Tiles[index], codestream.Size, new TileBudget());
        var components = size.Components.Select((component, i) => new TileComponent(size.Tile(index), component, tile.Parameters, i, budget)).ToArray();
        PacketReader.Read(codestream.Bytes.Span, tile, components);
        for (var i = 0; i < components.Length; i++)
        {
            _arrays[i].Reset(components[i].Area);
            DecodeBlocks(components[i], _arrays[i]);
            InverseTransform.Run(components[i], _arrays[i], threads);
        }

        if (tile.Parameters.Style.HasComponentTransform && components.Length >= 3)
            ComponentTransform.Run(components, _arrays);
        for (var i = 0; i < components.Length; i++)
            Store(components[i], _arrays[i], size.Component(i), images[i]);
    }

    private void DecodeBlocks(TileComponent component, CoefficientArray array)
    {
        var blocks = component.CodeBlocks.ToArray();
        var used = -1;
        Workers.Run(
            blocks.Length < LeastForThreads ? 1 : threads,
            blocks.Length,
            () => _decoders[Interlocked.Increment(ref used)],
            (decoder, i) => decoder.Decode(codestream.Bytes.Span, component, blocks[i].Band, blocks[i].Block, array));
    }

    /// <summary>Undoes the level shift (T.800, G.1), rounds to nearest, and clamps to what the precision can hold: quantisation may overshoot it.</summary>
    private void Store(TileComponent component, CoefficientArray array, Area image, CodecImage target)
    {
        var (area, precision) = (component.Area, component.Size.Precision);
        var (least, shift) = component.Size.IsSigned ? (-1 << (precision - 1), 0) : (0, 1 << (precision - 1));
        var most = least + (1 << precision) - 1;
        Workers.Run(area.Count < 1 << 16 ? 1 : threads, area.Height, () => 0, (_, y) =>
        {
            var samples = target.Samples.AsSpan((area.Y0 - image.Y0 + y) * target.Width + area.X0 - image.X0, area.Width);
            if (!component.Coding.IsReversible)
                Round(array.Numbers(y), array.Integers(y), area.Width);
            var source = array.Integers(y);
            for (var x = 0; x < samples.Length; x++)
                samples[x] = (ushort)Math.Clamp(source[x] + shift, least, most);
        });
    }

    private static void Round(float* source, int* target, int count)
    {
        // Far beyond any sample, but within what an integer holds.
        const float Limit = 1 << 24;
        for (var x = 0; x < count; x++)
            target[x] = (int)MathF.Floor(Math.Clamp(source[x], -Limit, Limit) + 0.5f);
    }
}
