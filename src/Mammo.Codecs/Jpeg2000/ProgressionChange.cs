namespace Mammo.Codecs.Jpeg2000;

/// <summary>One entry of a POC marker segment (T.800, A.6.6): which packets follow next, and in which order. The last numbers are exclusive.</summary>
internal readonly record struct ProgressionChange(
    int FirstResolution, int FirstComponent, int LastLayer, int LastResolution, int LastComponent, Progression Order)
{
    public static void Read(HeaderReader reader, int components, List<ProgressionChange> changes)
    {
        while (reader.Remaining > 0)
        {
            var (firstResolution, firstComponent) = (reader.Byte(), Number(ref reader));
            int layer = reader.Short(), resolution = reader.Byte(), component = Number(ref reader);
            // 0 stands for the number after the last that fits.
            component = component == 0 ? 16384 : component;
            var change = new ProgressionChange(firstResolution, firstComponent, layer, resolution, component, CodingStyle.ToProgression(reader.Byte()));
            if (firstResolution >= resolution || firstComponent >= component || layer == 0)
                throw new CodecException("a progression order change covers nothing");
            changes.Add(change);
        }

        int Number(ref HeaderReader reader) => components <= 256 ? reader.Byte() : reader.Short();
    }
}
