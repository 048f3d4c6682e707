namespace Mammo.Codecs.Jpeg2000;

/// <summary>What a codestream's header says.</summary>
/// <param name="Width">Columns of the first component.</param>
/// <param name="Height">Rows of the first component.</param>
/// <param name="Precision">Bits a sample of the first component has, 1 to 16.</param>
/// <param name="IsSigned">Whether samples of the first component are signed.</param>
/// <param name="Components">1 for grey, 3 for colour.</param>
public sealed record Jpeg2000Info(int Width, int Height, int Precision, bool IsSigned, int Components)
{
    /// <summary>Reads the main header without decoding a sample.</summary>
    /// <param name="stream">A codestream from its start marker (FF4F), or a JP2 file.</param>
    /// <exception cref="CodecException">The header is damaged, or it names what is not read here: HTJ2K, Part 2, more than 16 bits.</exception>
    public static Jpeg2000Info Read(ReadOnlyMemory<byte> stream)
    {
        var size = Codestream.ReadSize(Boxes.FindCodestream(stream));
        var (area, first) = (size.Component(0), size.Components[0]);
        return new Jpeg2000Info(area.Width, area.Height, first.Precision, first.IsSigned, size.Components.Length);
    }
}
