using System.Globalization;
using System.Security;
using System.Text;
using Mammo.Data.Files;
using Mammo.Data.Images;

namespace Mammo.Scoring.Overlays;

/// <summary>
/// Draws a heatmap over its mammogram: colour and contours, a colour bar with numbers, and a scale bar. One drawing (SVG) whose picture libvips makes, as it
/// encodes every other PNG of Mammo: no further library, and no second decoder.
/// </summary>
internal static class OverlayPicture
{
    private const int Grid = 4;
    private const int Margin = 10;
    private const int BarRoom = 112;
    private const int FooterRoom = 26;
    private static readonly double[] Levels = [0.5, 0.8];

    /// <summary>The picture as a drawing (SVG).</summary>
    /// <param name="film">The mammogram as it is stored.</param>
    /// <param name="surface">The map.</param>
    /// <param name="height">Rows of the mammogram in the picture; it is not made larger than it is.</param>
    /// <param name="spacing">Millimetres from one stored pixel to the next; null when unknown, for no scale bar.</param>
    /// <param name="caption">Line below the picture; its end is cut off where the picture is too small for it.</param>
    public static string Svg(GreyImage film, MapSurface surface, int height, double? spacing, string caption)
    {
        var rows = Math.Min(height, film.Height);
        var columns = Math.Max(1, (int)Math.Round((double)film.Width * rows / film.Height));
        var (scaleX, scaleY) = ((double)film.Width / columns, (double)film.Height / rows);
        var svg = new StringBuilder();
        var (width, whole) = (columns + BarRoom, rows + FooterRoom);
        Put(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"{width}\" height=\"{whole}\"");
        Put(svg, $" viewBox=\"0 0 {width} {whole}\" font-family=\"sans-serif\"><rect width=\"{width}\" height=\"{whole}\" fill=\"#000\"/>");
        Picture(svg, PngWriter.Encode(Shown(film, new ImageSize(rows, columns))), columns, rows);
        Picture(svg, RgbaPng.Encode(Colours(surface, rows, columns, scaleX, scaleY), rows, columns), columns, rows);
        foreach (var level in Levels)
        {
            var path = ContourLines.Path((rows / Grid) + 1, (columns / Grid) + 1, (row, column) => Share(row * Grid, column * Grid), level, Grid);
            // A dark line below a light one shows on black and on white.
            if (path.Length > 0)
            {
                Put(svg, $"<path d=\"{path}\" fill=\"none\" stroke=\"#000\" stroke-width=\"3\" stroke-opacity=\"0.6\"/>");
                Put(svg, $"<path d=\"{path}\" fill=\"none\" stroke=\"#fff\" stroke-width=\"{(level > 0.7 ? 1.6 : 0.9)}\"/>");
            }
        }

        Bar(svg, surface, columns + Margin, rows);
        if (spacing is { } millimetres)
            ScaleBar(svg, millimetres * scaleX, columns, rows);
        Put(svg, $"<text x=\"{Margin}\" y=\"{rows + 18}\" font-size=\"13\" fill=\"#ddd\">{SecurityElement.Escape(caption)}</text></svg>");
        return svg.ToString();

        double Share(int row, int column) => surface.Share(((column + 0.5) * scaleX) - 0.5, ((row + 0.5) * scaleY) - 0.5);
    }

    /// <summary>The mammogram in 8 bits, its own lowest value black and its highest white.</summary>
    private static GreyImage Shown(GreyImage film, ImageSize size)
    {
        var small = SmoothResize.Apply(film, size);
        int low = small.Pixels.Min(), high = Math.Max(low + 1, small.Pixels.Max());
        return new GreyImage(small.Height, small.Width, 8, Array.ConvertAll(small.Pixels, value => (ushort)(255 * (value - low) / (high - low))));
    }

    private static byte[] Colours(MapSurface surface, int rows, int columns, double scaleX, double scaleY)
    {
        var colours = new byte[rows * columns * 4];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var share = surface.Share(((column + 0.5) * scaleX) - 0.5, ((row + 0.5) * scaleY) - 0.5);
                var (red, green, blue) = ColourScale.Of(double.IsNaN(share) ? 0 : share);
                var place = ((row * columns) + column) * 4;
                (colours[place], colours[place + 1], colours[place + 2], colours[place + 3]) = (red, green, blue, ColourScale.Opacity(share));
            }
        }

        return colours;
    }

    private static void Bar(StringBuilder svg, MapSurface surface, int left, int rows)
    {
        const int Steps = 64;
        var (top, height) = (30.0, Math.Max(40, rows - 60.0));
        for (var i = 0; i < Steps; i++)
        {
            var (red, green, blue) = ColourScale.Of((i + 0.5) / Steps);
            Put(svg, $"<rect x=\"{left}\" y=\"{top + (height * (Steps - 1 - i) / Steps):0.##}\" width=\"18\" height=\"{(height / Steps) + 0.6:0.##}\"");
            Put(svg, $" fill=\"rgb({red},{green},{blue})\"/>");
        }

        Put(svg, $"<rect x=\"{left}\" y=\"{top}\" width=\"18\" height=\"{height:0.##}\" fill=\"none\" stroke=\"#fff\" stroke-width=\"1\"/>");
        for (var i = 0; i <= 4; i++)
        {
            var y = top + (height * (4 - i) / 4);
            var value = surface.Low + ((surface.High - surface.Low) * i / 4);
            Put(svg, $"<path d=\"M{left + 18} {y:0.##}h5\" stroke=\"#fff\"/>");
            Put(svg, $"<text x=\"{left + 27}\" y=\"{y + 4.5:0.##}\" font-size=\"13\" fill=\"#fff\">{value:0.00}</text>");
        }

        foreach (var level in Levels)
            Put(svg, $"<path d=\"M{left} {top + (height * (1 - level)):0.##}h18\" stroke=\"#fff\" stroke-width=\"{(level > 0.7 ? 1.6 : 0.9)}\"/>");
        var (x, middle) = (left + 82, top + (height / 2));
        Put(svg, $"<text transform=\"translate({x} {middle:0.##}) rotate(-90)\" font-size=\"13\" fill=\"#fff\" text-anchor=\"middle\">");
        Put(svg, $"{SecurityElement.Escape(surface.Class)}</text>");
    }

    private static void ScaleBar(StringBuilder svg, double millimetresPerPixel, int columns, int rows)
    {
        double[] lengths = [50, 20, 10, 5, 2, 1];
        var length = lengths.FirstOrDefault(length => length / millimetresPerPixel <= columns / 3.0, 1);
        var (pixels, y) = (length / millimetresPerPixel, rows - 16);
        Put(svg, $"<path d=\"M{Margin} {y}h{pixels:0.##}m0 -5v10M{Margin} {y - 5}v10\" stroke=\"#000\" stroke-width=\"5\"/>");
        Put(svg, $"<path d=\"M{Margin} {y}h{pixels:0.##}m0 -5v10M{Margin} {y - 5}v10\" stroke=\"#fff\" stroke-width=\"2\"/>");
        Put(svg, $"<text x=\"{Margin}\" y=\"{y - 10}\" font-size=\"14\" fill=\"#fff\" stroke=\"#000\" stroke-width=\"3\" paint-order=\"stroke\">");
        Put(svg, $"{length:0} mm</text>");
    }

    private static void Picture(StringBuilder svg, byte[] png, int columns, int rows) => Put(
        svg, $"<image width=\"{columns}\" height=\"{rows}\" preserveAspectRatio=\"none\" xlink:href=\"data:image/png;base64,{Convert.ToBase64String(png)}\"/>");

    private static void Put(StringBuilder svg, FormattableString markup) => svg.Append(markup.ToString(CultureInfo.InvariantCulture));
}
