using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Scoring.Heatmaps;

namespace Mammo.Scoring.Overlays;

/// <summary>How a heatmap is written.</summary>
/// <param name="Class">Class that is shown; null for the last one.</param>
/// <param name="Height">Rows of the mammogram in the picture.</param>
/// <param name="PixelSpacing">Millimetres from one stored pixel to the next; null for what the file says.</param>
public sealed record OverlayOptions(string? Class = null, int Height = 1024, double? PixelSpacing = null);

/// <summary>
/// The files of a heatmap: <c>NAME.overlay.png</c> (over its mammogram), <c>NAME.map.png</c> (16 bits, one pixel a position), <c>NAME.npy</c> (float32, rows ×
/// columns × classes) and <c>NAME.json</c> (what the values are, and the affine map to the stored image).
/// </summary>
public static class HeatmapFiles
{
    private static readonly double[] Percentiles = [0, 1, 5, 25, 50, 75, 95, 99, 100];
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Names of the files of an image, the overlay first.</summary>
    public static IReadOnlyList<string> Names(string image)
    {
        var name = Path.GetFileNameWithoutExtension(image);
        return [$"{name}.overlay.png", $"{name}.map.png", $"{name}.npy", $"{name}.json"];
    }

    /// <summary>Writes the files, each whole or not at all; the folder is made where it is missing.</summary>
    /// <param name="heatmap">The heatmap.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="options">What is shown, and how large.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelClassMismatch"/>: no such class; <see cref="ErrorIds.ImageUnreadable"/>: the image is not what the heatmap was made of; those
    /// of <see cref="ImageReader.Read"/>, <see cref="SvgPicture.Png"/> and <see cref="AtomicFile.Write"/>.
    /// </exception>
    public static void Write(MammoHeatmap heatmap, string folder, OverlayOptions options)
    {
        ArgumentNullException.ThrowIfNull(heatmap);
        ArgumentNullException.ThrowIfNull(options);
        var surface = Surface(heatmap, options);
        var spacing = options.PixelSpacing ?? Spacing(heatmap.Path);
        // What is too long for a small picture is cut off at its end.
        var caption = $"Research use only. {Path.GetFileName(heatmap.Path)}, {heatmap.Model}.";
        var names = Names(heatmap.Path);
        byte[][] contents =
        [
            SvgPicture.Png(Drawing(heatmap, surface, options.Height, spacing, caption), 1),
            Map(heatmap, surface),
            Npy(heatmap),
            Description(heatmap, surface, spacing, names),
        ];
        foreach (var (name, content) in names.Zip(contents))
            AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(content));
    }

    /// <summary>The picture of a heatmap over its mammogram.</summary>
    /// <param name="heatmap">The heatmap.</param>
    /// <param name="options">What is shown, and how large.</param>
    /// <param name="caption">Line below the picture.</param>
    /// <exception cref="MammoException">Those of <see cref="Write"/>, but for writing.</exception>
    public static RgbPicture Picture(MammoHeatmap heatmap, OverlayOptions options, string caption)
    {
        ArgumentNullException.ThrowIfNull(heatmap);
        ArgumentNullException.ThrowIfNull(options);
        var spacing = options.PixelSpacing ?? Spacing(heatmap.Path);
        return SvgPicture.Rgb(Drawing(heatmap, Surface(heatmap, options), options.Height, spacing, caption));
    }

    private static MapSurface Surface(MammoHeatmap heatmap, OverlayOptions options) =>
        new(heatmap, options.Class is null ? heatmap.Classes.Length - 1 : heatmap.IndexOf(options.Class));

    private static string Drawing(MammoHeatmap heatmap, MapSurface surface, int height, double? spacing, string caption)
    {
        // As it was read for the heatmap, but for the turning: the picture shows the film as it is stored.
        var film = ImageReader.Read(heatmap.Path, dicom: heatmap.Dicom with { Orient = false });
        if (film.Size != heatmap.StoredSize)
        {
            throw new MammoException(
                ErrorIds.ImageUnreadable,
                $"'{heatmap.Path}' has {film.Size} pixels, and the heatmap was made of an image of {heatmap.StoredSize}.",
                "Make the heatmap again.",
                heatmap.Path);
        }

        return OverlayPicture.Svg(film, surface, height, spacing, caption);
    }

    private static double? Spacing(string path) => MammoImageInfo.Of(ImageReader.ReadInfo(path)) is { PixelSpacing: > 0 and var spacing } ? spacing : null;

    private static byte[] Map(MammoHeatmap heatmap, MapSurface surface) => PngWriter.Encode(new GreyImage(
        heatmap.Rows,
        heatmap.Columns,
        16,
        Array.ConvertAll(surface.Values, value => (ushort)Math.Round(65535 * Math.Clamp((value - surface.Low) / (surface.High - surface.Low), 0, 1)))));

    /// <summary>numpy's format, version 1.0: its header is padded so that the values begin at a multiple of 64 bytes.</summary>
    private static byte[] Npy(MammoHeatmap heatmap)
    {
        var shape = FormattableString.Invariant($"({heatmap.Rows}, {heatmap.Columns}, {heatmap.Classes.Length})");
        var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}";
        header = header.PadRight(((header.Length + 11 + 63) / 64 * 64) - 11) + "\n";
        var bytes = new byte[10 + header.Length + (4 * heatmap.Values.Length)];
        byte[] magic = [0x93, .. "NUMPY"u8, 1, 0];
        magic.CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)header.Length);
        Encoding.ASCII.GetBytes(header, bytes.AsSpan(10));
        for (var i = 0; i < heatmap.Values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(10 + header.Length + (4 * i)), heatmap.Values[i]);
        return bytes;
    }

    private static string Formula(MammoHeatmap heatmap) => heatmap switch
    {
        { Kind: HeatmapKind.GradCam } =>
            "value = max(0, sum over k of a_k * A_k), A_k the maps of the layer, a_k the mean gradient of the class's score by A_k (Grad-CAM, Selvaraju 2017)",
        { IsProbability: true } => "value = probability of the class at the position, the softmax over the classes",
        _ => "value = output of the heatmap inside the network, without a bound",
    };

    private static byte[] Description(MammoHeatmap heatmap, MapSurface surface, double? spacing, IReadOnlyList<string> names)
    {
        var sorted = surface.Values.Order().ToArray();
        var description = new
        {
            Format = "mammo-heatmap",
            Version = 1,
            Use = "research only",
            Image = Path.GetFileName(heatmap.Path),
            heatmap.Model,
            Kind = heatmap.Kind.ToString(),
            heatmap.Classes,
            ShownClass = surface.Class,
            heatmap.IsProbability,
            Formula = $"{Formula(heatmap)}; map.png = round(65535 * (value - low) / (high - low))",
            surface.Low,
            surface.High,
            Percentiles = Percentiles.ToDictionary(
                share => share.ToString(CultureInfo.InvariantCulture), share => sorted[(int)Math.Round(share / 100 * (sorted.Length - 1))]),
            Shape = new[] { heatmap.Rows, heatmap.Columns, heatmap.Classes.Length },
            Affine = surface.ToStored,
            AffineMeaning = "[x, y] in pixels of the stored image, whose middles are whole numbers = affine * [column, row, 1] of the map",
            StoredSize = new[] { heatmap.StoredSize.Height, heatmap.StoredSize.Width },
            PixelSpacing = spacing,
            heatmap.Engine,
            heatmap.Inference,
            heatmap.Warning,
            Files = names.Take(3),
        };
        return Encoding.UTF8.GetBytes(JsonSerializer.Serialize(description, Json) + "\n");
    }
}
