using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Scoring;

namespace Mammo.Tests.PowerShell;

/// <summary>One film, one examination: the check of datasets and the prediction report the same ids for the same film, made here of a real one.</summary>
public sealed class AwkwardFilmTests
{
    private static readonly GreyImage Film = SmoothResize.Apply(
        AutoLevel.Apply(
            ImageReader.Read(
                Directory.GetFiles(Path.Combine(Shared.Repository, "examples", "data"), "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                    .First())),
        new ImageSize(600, 560));

    private static readonly GreyImage Eight = ToEight(Film);

    public static TheoryData<string, string> Films => new()
    {
        { "sound", "" },
        { "negative", ErrorIds.ImageInverted },
        { "constant", ErrorIds.ImageConstant },
        { "12-bit in 16", ErrorIds.BitDepthMismatch },
        { "16-bit", ErrorIds.BitDepthMismatch },
        { "colour", ErrorIds.ImageColour },
        { "thumbnail", ErrorIds.ImageSizeDiffers },
        { "rotated strip", ErrorIds.ImageSizeDiffers },
        { "patch", ErrorIds.ImageSizeDiffers },
        { "label over the breast", "" },
        { "black", ErrorIds.ImageConstant },
        { "saturated", "" },
        { "dim", ErrorIds.MaximumNot255 },
        { "screenshot", ErrorIds.ImageColour },
        { "two views in one", ErrorIds.ImageSizeDiffers },
        { "fogged", ErrorIds.MinimumNot0 },
        { "negative in a black frame", ErrorIds.ImageInverted },
    };

    [Theory]
    [MemberData(nameof(Films))]
    public void Test_and_predict_report_the_same_ids(string film, string expected)
    {
        using var session = new Session();
        var folder = Shared.NewFolder();
        var file = Write(Path.Combine(folder, "film"), film);
        File.WriteAllText(Path.Combine(folder, "list.csv"), $"path,label,patient\n{Path.GetFileName(file)},neg,1\n");
        session.SetLocation(folder);
        session.Run("$m = Import-MammoModel -Name mini-mias; $set = Import-MammoDataset ./list.csv -Class neg, pos");
        var predicted = Assert.IsType<MammoPrediction>(Assert.Single(session.Run("$set | Invoke-MammoPredict -Model $m")));
        var checkedIds = session.Run("$set | Test-MammoDataset -Model $m").Cast<Finding>().Where(finding => finding.Subject == file)
            .Select(finding => finding.Id);
        Assert.Equal(expected, predicted.Warning);
        Assert.Equal(expected, string.Join(';', checkedIds));
    }

    private static string Write(string path, string film)
    {
        if (film is "colour" or "screenshot")
            return WriteColour(path + ".ppm", film == "screenshot");
        PngWriter.Write(path + ".png", film switch
        {
            "sound" => Eight,
            "negative" => With(Eight, value => 255 - value),
            "constant" => With(Eight, _ => 77),
            "black" => With(Eight, _ => 0),
            "12-bit in 16" => new GreyImage(Film.Height, Film.Width, 16, Array.ConvertAll(Film.Pixels, value => (ushort)(value >> 4))),
            "16-bit" => Film,
            "thumbnail" => SmoothResize.Apply(Eight, new ImageSize(150, 140)),
            "rotated strip" => SmoothResize.Apply(Eight, new ImageSize(300, 700)),
            "patch" => SmoothResize.Apply(Eight, new ImageSize(64, 64)),
            "label over the breast" => With(Eight, (value, at) => at % Eight.Width is > 200 and < 260 && at / Eight.Width is > 250 and < 280 ? 255 : value),
            "saturated" => With(Eight, value => Math.Min(255, value * 2)),
            "dim" => With(Eight, value => value / 2),
            "two views in one" => TwoViews(Eight),
            "fogged" => With(Eight, value => 110 + (value / 2)),
            "negative in a black frame" => With(Eight, (value, at) => IsFrame(at) ? 0 : 255 - value),
            _ => throw new ArgumentOutOfRangeException(nameof(film), film, null),
        });
        return path + ".png";
    }

    private static bool IsFrame(int at) =>
        Math.Min(at % Eight.Width, Eight.Width - 1 - (at % Eight.Width)) < 20 || Math.Min(at / Eight.Width, Eight.Height - 1 - (at / Eight.Width)) < 20;

    private static GreyImage TwoViews(GreyImage film) => new(film.Height, 2 * film.Width, 8,
        [.. Enumerable.Range(0, film.Height).Select(row => film.Pixels.AsSpan(row * film.Width, film.Width).ToArray())
            .SelectMany(row => row.Concat(row.Reverse()))]);

    private static string WriteColour(string path, bool isScreenshot)
    {
        using var file = File.Create(path);
        file.Write(System.Text.Encoding.ASCII.GetBytes($"P6\n{Eight.Width} {Eight.Height}\n255\n"));
        for (var at = 0; at < Eight.Pixels.Length; at++)
        {
            var grey = (byte)Eight.Pixels[at];

            // A tool bar above, a tint elsewhere.
            file.Write(
                isScreenshot && at / Eight.Width < 40 ? [40, 90, 200] : isScreenshot ? [grey, grey, grey] : [grey, (byte)(grey * 3 / 4), (byte)(grey / 2)]);
        }

        // Colour films are stretched to 255 once they are grey.
        file.Seek(-3, SeekOrigin.End);
        file.Write([255, 255, 255]);
        return path;
    }

    private static GreyImage ToEight(GreyImage film) => new(film.Height, film.Width, 8, Array.ConvertAll(film.Pixels, value => (ushort)(value >> 8)));

    private static GreyImage With(GreyImage film, Func<int, int> change) => With(film, (value, _) => change(value));

    private static GreyImage With(GreyImage film, Func<int, int, int> change) =>
        new(film.Height, film.Width, 8, [.. film.Pixels.Select((value, at) => (ushort)change(value, at))]);
}
