using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Tests.Patches;

namespace Mammo.Tests.PowerShell;

/// <summary>Films of 200 rows and 140 columns, drawn by the tests, for the cmdlets that work on images and their regions.</summary>
internal static class Films
{
    /// <summary>A list with one good film, last, among others of which each has a fault of its own.</summary>
    private const string FaultyList = """
        path,label,patient,laterality,view,roi_mask,roi_x,roi_y,roi_radius,roi_type,pathology
        empty.png,pos,P1,L,CC,masks/empty.png,,,,mass,MALIGNANT
        other.png,pos,P2,L,CC,masks/other.png,,,,mass,MALIGNANT
        outside.png,pos,P3,L,CC,,136,5,3,mass,MALIGNANT
        black.png,pos,P4,L,CC,,60,90,15,mass,MALIGNANT
        nobody.png,pos,,L,CC,,60,90,15,mass,MALIGNANT
        torn.png,pos,P6,L,CC,,60,90,15,mass,MALIGNANT
        torn.png,neg,P6,L,CC,,60,90,15,mass,BENIGN
        good.png,pos,P7,L,CC,,60,90,15,mass,MALIGNANT
        """;

    /// <summary>Writes a film and its folders.</summary>
    public static string Write(string folder, string name, int seed) => Write(folder, name, AutoLevel.Apply(DefaultSamplerTests.Breast((uint)seed)));

    /// <summary>Writes a film of 200 rows and 200 columns, as square as those of mini-MIAS.</summary>
    public static string WriteSquare(string folder, string name, int seed)
    {
        var film = AutoLevel.Apply(DefaultSamplerTests.Breast((uint)seed));
        var pixels = new ushort[film.Height * film.Height];
        for (var row = 0; row < film.Height; row++)
            film.Pixels.AsSpan(row * film.Width, film.Width).CopyTo(pixels.AsSpan(row * film.Height));
        return Write(folder, name, new GreyImage(film.Height, film.Height, film.BitDepth, pixels));
    }

    /// <summary>The faulty list with its images, as list.csv.</summary>
    public static void WriteFaulty(string folder)
    {
        foreach (var (name, seed) in new[] { "empty", "other", "outside", "nobody", "torn", "good" }.Select((name, seed) => (name, seed)))
            Write(folder, name + ".png", seed);
        Write(folder, "black.png", new GreyImage(200, 140, 16, new ushort[28000]));
        Write(folder, "masks/empty.png", new GreyImage(200, 140, 8, new ushort[28000]));
        Write(folder, "masks/other.png", new GreyImage(100, 70, 8, [.. Enumerable.Repeat((ushort)255, 7000)]));
        File.WriteAllText(Path.Combine(folder, "list.csv"), FaultyList);
    }

    /// <summary>Every file below a folder, relative to it; nothing if there is no such folder.</summary>
    public static string[] Below(string folder) => !Directory.Exists(folder) ? [] :
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    private static string Write(string folder, string name, GreyImage image)
    {
        var path = Path.Combine(folder, name);
        PngWriter.Write(path, image);
        return path;
    }
}
