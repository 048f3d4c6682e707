using Mammo.Codecs;

namespace Mammo.Data.Dicom;

/// <summary>From a frame's codestream to its samples, by the transfer syntax.</summary>
internal static class PixelDecoder
{
    /// <summary>A larger image must hold at least this many pixels a byte: no film of this size is compressed so far, and a few bytes could claim all memory otherwise.</summary>
    private const long LargeImage = 64_000_000;
    private const long LargeImageRatio = 32;

    /// <summary>Decodes one frame.</summary>
    /// <param name="syntax">How it is compressed.</param>
    /// <param name="stream">The codestream, its fragments joined.</param>
    /// <param name="layout">What the file says of its pixels.</param>
    /// <exception cref="InvalidDataException">The codestream is damaged, or is not what the file says that it is.</exception>
    /// <exception cref="MammoException"><see cref="ErrorIds.DicomTransferSyntax"/>: it is compressed in a way that is not read.</exception>
    public static CodecImage Decode(TransferSyntax syntax, byte[] stream, PixelLayout layout)
    {
        if (layout.PixelCount > LargeImage && layout.PixelCount / LargeImageRatio > stream.Length)
            throw new InvalidDataException(FormattableString.Invariant($"it claims {layout.Rows}x{layout.Columns} pixels in {stream.Length} compressed bytes; it is truncated or damaged"));
        try
        {
            CodecImage image = syntax.Coding switch
            {
                _ => throw syntax.NotRead(),
            };
            return image.Width == layout.Columns && image.Height == layout.Rows ? image : throw new InvalidDataException(FormattableString.Invariant(
                $"its compressed image has {image.Height}x{image.Width} pixels, its Rows and Columns say {layout.Rows}x{layout.Columns}"));
        }
        catch (CodecException error)
        {
            throw new InvalidDataException($"its compressed pixels ({syntax.Name}) {(error.IsUnsupported ? "are of a kind that is not read" : "are damaged")}: {error.Message}", error);
        }
    }
}
