namespace Mammo.Codecs.Jpeg2000;

/// <summary>How packets follow each other; the letters stand for layer, resolution, component and position (T.800, table A.16).</summary>
internal enum Progression
{
    Lrcp,
    Rlcp,
    Rpcl,
    Pcrl,
    Cprl,
}

/// <summary>The COD marker segment (T.800, A.6.1): what holds for all components, and what does for those without a COC.</summary>
/// <param name="HasEph">Every packet header ends with the marker EPH.</param>
/// <param name="Order">How packets follow each other.</param>
/// <param name="Layers">Quality layers, 1 to 65535.</param>
/// <param name="HasComponentTransform">The first three components are transformed together.</param>
/// <param name="Component">What holds for components without a COC.</param>
internal sealed record CodingStyle(bool HasEph, Progression Order, int Layers, bool HasComponentTransform, ComponentCoding Component)
{
    public static CodingStyle Read(HeaderReader reader)
    {
        int style = reader.Byte(), order = reader.Byte(), layers = reader.Short(), transform = reader.Byte();
        if (layers == 0)
            throw new CodecException("COD tells of 0 layers");
        if (transform > 1)
            throw new CodecException("the component transform is not one of JPEG 2000 Part 1", isUnsupported: true);
        return new CodingStyle((style & 4) != 0, ToProgression(order), layers, transform == 1, ComponentCoding.Read(ref reader, (style & 1) != 0));
    }

    public static Progression ToProgression(int order) =>
        order <= (int)Progression.Cprl ? (Progression)order : throw new CodecException($"there is no progression order {order}");
}
