using NetVips;

namespace Mammo.Data.Files;

/// <summary>Encodes colours with opacity as PNG.</summary>
public static class RgbaPng
{
    /// <summary>The bytes of the file.</summary>
    /// <param name="colours">Rows × columns × (red, green, blue, opacity).</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ImageLibraryUnavailable"/>.</exception>
    public static byte[] Encode(byte[] colours, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(colours);
        VipsLibrary.Require();
        using var raw = Image.NewFromMemory(colours, columns, rows, 4, Enums.BandFormat.Uchar);
        using var image = raw.Copy(interpretation: Enums.Interpretation.Srgb);
        return image.PngsaveBuffer(compression: 3, keep: Enums.ForeignKeep.None);
    }
}
