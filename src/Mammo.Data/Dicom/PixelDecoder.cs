using Mammo.Codecs;
using Mammo.Codecs.Jpeg;
using Mammo.Codecs.Jpeg2000;
using Mammo.Codecs.JpegDct;
using Mammo.Codecs.JpegLossless;
using Mammo.Codecs.JpegLs;
using Mammo.Codecs.Rle;

namespace Mammo.Data.Dicom;

/// <summary>From a frame's codestream to its samples, by the transfer syntax.</summary>
internal static class PixelDecoder
{
    // Larger than any mammogram. What claims more must have a byte for each 32 pixels: no useful image is compressed more, and a few bytes could claim all
    // memory otherwise.
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
            throw DicomDamage.Of($"it claims {layout.Rows}x{layout.Columns} pixels in {stream.Length} compressed bytes; it is truncated or damaged");
        try
        {
            return syntax.Coding switch
            {
                PixelCoding.Rle => RleDecoder.Decode(stream, layout.Columns, layout.Rows, layout.BitsAllocated, layout.PixelCount),
                PixelCoding.Jpeg or PixelCoding.JpegLossless or PixelCoding.JpegLs => Jpeg(stream, layout),
                PixelCoding.Jpeg2000 => Jpeg2000(stream, layout),
                _ => throw syntax.NotRead.ToException(),
            };
        }
        catch (CodecException error)
        {
            var kind = error.IsUnsupported ? "are of a kind that is not read" : "are truncated or damaged";
            throw new InvalidDataException($"its compressed pixels ({syntax.Name}) {kind}: {error.Message}", error);
        }
    }

    // The stream says itself which of JPEG's processes it was made with, whatever the transfer syntax says.
    private static CodecImage Jpeg(byte[] stream, PixelLayout layout)
    {
        var info = JpegInfo.Read(stream);
        CheckSize(info.Width, info.Height, layout);
        return info.Process switch
        {
            JpegProcess.Lossless => JpegLosslessDecoder.Decode(stream, layout.PixelCount),
            JpegProcess.JpegLs => JpegLsDecoder.Decode(stream, layout.PixelCount),
            _ => JpegDctDecoder.Decode(stream, layout.PixelCount),
        };
    }

    private static CodecImage Jpeg2000(byte[] stream, PixelLayout layout)
    {
        var image = Jpeg2000Decoder.Decode(stream, layout.PixelCount, Environment.ProcessorCount);
        CheckSize(image.Width, image.Height, layout);
        return image;
    }

    private static void CheckSize(int width, int height, PixelLayout layout)
    {
        if (width != layout.Columns || height != layout.Rows)
            throw DicomDamage.Of($"its compressed image has {height}x{width} pixels, its Rows and Columns say {layout.Rows}x{layout.Columns}");
    }
}
