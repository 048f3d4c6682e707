using Mammo.Data.Files;
using Mammo.Data.Segmentation;
using Mammo.Tests.PowerShell;
using NetVips;

namespace Mammo.Tests.Help;

/// <summary>The folder that the examples of the help speak of: small images in class folders and small models under the published ones' names.</summary>
internal sealed class ExampleFolder
{
    // Published weights cannot be shipped. Mammo tells a model file by its content, so small models written as safetensors stand in under those names.
    private const string Models = """
        $ErrorActionPreference = 'Stop'
        $card = @{ RescaleFactor = 0.003891; FeaturewiseMean = 52.18 }
        $patch = New-PatchModel vgg16 -WidthMultiplier 0.0625 @card
        $hybrid = $patch | New-WholeImageModel -ImageSize 144, 112 -Recipe '[512-512-1024]x2' -TopDepth 8, 8
        $hybrid | Export-MammoModel ./hybrid.safetensors
        [IO.File]::Copy("$PWD/hybrid.safetensors", "$PWD/ddsm_vgg16_s10_[512-512-1024]x2_hybrid.h5")
        $patch | New-WholeImageModel -ImageSize 288, 224 -Recipe 512x1 -TopDepth 8, 8 -Seed 2 | Export-MammoModel ./head.safetensors
        [IO.File]::Move("$PWD/head.safetensors", "$PWD/ddsm_vgg16_s10_512x1.h5")
        $patch | Export-MammoModel ./patch.safetensors
        """;

    private static readonly string[] PatchClasses = ["background", "calc_ben", "calc_mal", "mass_ben", "mass_mal"];

    private static readonly Lazy<string> Template = new(Make);

    /// <summary>A new folder as the examples expect it.</summary>
    public ExampleFolder()
    {
        Folder = Shared.NewFolder("example");
        foreach (var file in Directory.GetFiles(Template.Value, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Folder, Path.GetRelativePath(Template.Value, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public string Folder { get; }

    private static string Make()
    {
        var folder = TestRun.SharedFolder("examples");
        MakeImages(folder);
        File.Copy(Shared.Data("oracle", "models", "vgg16_patch_d16.h5"), Path.Combine(folder, "keras_patch.h5"));
        File.Copy(Shared.Data("oracle", "models", "vgg16_patch_d16_weights_only.h5"), Path.Combine(folder, "keras_weights.h5"));
        File.Copy(Shared.Data("oracle", "models", "yaroslav_whole_vgg.h5"), Path.Combine(folder, "keras_whole.h5"));
        using var session = new Session();
        session.SetLocation(folder);
        session.Run(Models);
        return folder;
    }

    /// <summary>The six mammograms of the repository at an eighth of their size; the sets are flipped so that no two share an image.</summary>
    private static void MakeImages(string folder)
    {
        var list = File.ReadAllLines(Path.Combine(Shared.Repository, "examples", "data", "images.csv"));
        foreach (var row in list.Skip(1).Select(line => line.Split(',')))
        {
            using var whole = Image.NewFromFile(Path.Combine(Shared.Repository, "examples", "data", row[0]));
            using var small = whole.Resize(0.125);
            using var mirrored = small.FlipHor();
            using var turned = small.FlipVer();
            Write(small, folder, "inbox", row[0]);
            Write(small, folder, "test", row[1], row[0]);
            Write(mirrored, folder, "train", row[1], row[0]);
            Write(turned, folder, "validation", row[1], row[0]);
            foreach (var (name, index) in PatchClasses.Select((name, index) => (name, index)))
            {
                using var patch = small.Crop(8 * index, 30, 64, 64);
                using var other = patch.FlipVer();
                Write(patch, folder, "patches", "train", name, row[0]);
                Write(other, folder, "patches", "validation", name, row[0]);
            }
        }

        MakeExport(Path.Combine(folder, "export"));
        File.WriteAllLines(Path.Combine(folder, "images.csv"), list.Select((line, index) => index == 0 ? line : "inbox/" + line));

        File.WriteAllLines(
            Path.Combine(folder, "annotated.csv"),
            list.Skip(1).Select(line => "inbox/" + line + Region(Path.Combine(folder, "inbox", line.Split(',')[0])))
                .Prepend(list[0] + ",roi_x,roi_y,roi_radius,roi_type"));

        // Ten patients of two films each, enough to divide.
        File.WriteAllLines(
            Path.Combine(folder, "films.csv"),
            Enumerable.Range(0, 20).Select(film => $"film{film}.png,{(film / 2 % 2 == 0 ? "neg" : "pos")},P{film / 2}").Prepend("path,label,patient"));
    }

    /// <summary>An export of an archive with a list of its patients' diagnoses.</summary>
    private static void MakeExport(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var name in new[] { "explicit-le.dcm", "monochrome1.dcm", "deflated.dcm", "for-processing.dcm" })
            File.Copy(Shared.Data("dicom", name), Path.Combine(folder, name));
        File.WriteAllLines(Path.Combine(folder, "..", "diagnoses.csv"), ["mrn,cancer", "CBIS-00127,pos", "CBIS-00041,neg"]);
    }

    /// <summary>A circle in the middle of the breast.</summary>
    private static string Region(string path)
    {
        var box = BreastFinder.Find(ImageReader.Read(path)).Box;
        return FormattableString.Invariant($",{box.X + (box.Width / 2)},{box.Y + (box.Height / 2)},20,mass");
    }

    private static void Write(Image image, params string[] parts)
    {
        var path = Path.Combine(parts);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        image.Pngsave(path);
    }
}
