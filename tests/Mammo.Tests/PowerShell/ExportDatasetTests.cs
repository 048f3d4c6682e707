using Mammo.Data.Datasets;
using Mammo.Data.Patches;

namespace Mammo.Tests.PowerShell;

/// <summary>Export-MammoDataset and the way back through Import-MammoDataset.</summary>
public sealed class ExportDatasetTests
{
    private const string Sampling = "-PatchSize 32 -Abnormality 3 -Background 4 -HardNegative 2 -Seed 7";

    [Fact]
    public void Films_with_circles_become_the_originals_input_and_give_the_same_patches()
    {
        using var session = Prepared(out var folder);
        session.Run("$films = Import-MammoDataset ./mias -Format MiniMias -Labelling Malignancy; $films | Export-MammoDataset ./original -Format RoiMask -FindingVariable findings");
        Assert.Empty(session.Errors);
        Assert.EndsWith($"[{ErrorIds.RoiEmpty}]", Assert.Single(session.Warnings), StringComparison.Ordinal);
        Assert.Contains("1 of 4", ((Finding)Assert.Single(session.Run("$findings"))).Message, StringComparison.Ordinal);

        var back = (MammoDataset)Assert.Single(session.Run("$back = Import-MammoDataset ./original -Format RoiMask -FindingVariable findings; $back"));
        Assert.Empty(session.Run("$findings"));
        Assert.Equal([2, 1], back.ClassCounts);
        var before = session.Run($"$films | New-MammoPatchSet ./before {Sampling}").Cast<PatchSetRecord>().ToDictionary(record => record.Name, record => record.Count);
        var after = session.Run($"$back | New-MammoPatchSet ./after {Sampling}").Cast<PatchSetRecord>().ToDictionary(record => record.Name, record => record.Count);
        Assert.Equal(4, before.Remove("P002_R_MLO", out var normal) ? normal : 0);
        Assert.Equal(before, after);
        Assert.Equal((3 * 4) + (4 * 3), after.Values.Sum());

        // The masks hold the circles' very pixels, so that the patches lie on the same places.
        var names = Films.Below(Path.Combine(folder, "after")).Where(name => name.EndsWith(".png", StringComparison.Ordinal)).ToArray();
        Assert.Equal(after.Values.Sum(), names.Length);
        Assert.All(names, name => Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "before", name)), File.ReadAllBytes(Path.Combine(folder, "after", name))));
    }

    [Fact]
    public void A_patient_list_and_folders_elsewhere_are_bound()
    {
        using var session = Prepared(out var folder);
        session.Run("Import-MammoDataset ./mias -Format MiniMias | Export-MammoDataset ./original -Format RoiMask");
        Directory.Move(Path.Combine(folder, "original", "full_img"), Path.Combine(folder, "films"));
        Directory.Move(Path.Combine(folder, "original", "roi_mask"), Path.Combine(folder, "masks"));
        File.WriteAllText(Path.Combine(folder, "some.txt"), "P002\nP009\n");
        session.Fails("Import-MammoDataset ./original -Format RoiMask", ErrorIds.FileNotFound);
        const string Import = "Import-MammoDataset ./original/roi_mask_path.csv -Format RoiMask -ImageFolder ./films -MaskFolder ./masks ";
        var some = (MammoDataset)Assert.Single(session.Run(Import + "-PatientList ./some.txt -Labelling Pathology -FindingVariable findings"));
        Assert.Equal(["P002"], some.Images.Select(image => image.Patient));
        Assert.Equal("P009", ((Finding)Assert.Single(session.Run("$findings"))).Patient);
        Assert.Equal(["normal", "benign", "malignant"], some.Classes);

        foreach (var file in Directory.GetFiles(Path.Combine(folder, "films")))
            File.Move(file, Path.Combine(folder, "films", "Mass-Training_" + Path.GetFileName(file)));
        var masses = (MammoDataset)Assert.Single(session.Run(Import + "-IType mass"));
        Assert.Equal(3, masses.Count);
        session.Fails(Import + "-PatientList ./none.txt", ErrorIds.FileNotFound);
        session.Fails("Import-MammoDataset ./mias -Format MiniMias -PatientList ./some.txt", ErrorIds.DatasetInvalid);
    }

    [Fact]
    public void A_list_gives_the_dataset_back_with_its_regions()
    {
        using var session = Prepared(out var folder);
        var set = (MammoDataset)Assert.Single(session.Run(
            "$films = Import-MammoDataset ./mias -Format MiniMias -Labelling Pathology; $films | Export-MammoDataset ./lists/set.csv -PassThru"));
        Assert.Contains("-Class normal, benign, malignant", Assert.Single(session.Warnings), StringComparison.Ordinal);
        Assert.EndsWith($"[{ErrorIds.ListIncomplete}]", session.Warnings[0], StringComparison.Ordinal);
        var back = (MammoDataset)Assert.Single(session.Run("Import-MammoDataset ./lists/set.csv -Class normal, benign, malignant"));
        Assert.Empty(session.Warnings);
        Assert.Equal(set.Images.Select(Comparable), back.Images.Select(Comparable));
        Assert.Equal(set.Images.SelectMany(image => image.Rois), back.Images.SelectMany(image => image.Rois));

        session.Run("$films | Split-MammoDataset -Fold 2 | Export-MammoDataset ./folds.csv -WarningAction SilentlyContinue");
        Assert.Equal(set.Images.Select(image => image.Path).Order(), ((MammoDataset)session.Run("Import-MammoDataset ./folds.csv -Class normal, benign, malignant")[0]).Images.Select(image => image.Path).Order());
    }

    [Fact]
    public void WhatIf_writes_nothing_and_files_are_replaced_only_when_forced()
    {
        using var session = Prepared(out var folder);
        var before = Films.Below(folder);
        session.Run("$films = Import-MammoDataset ./mias -Format MiniMias; $films | Export-MammoDataset ./set.csv -WhatIf; $films | Export-MammoDataset ./original -Format RoiMask -WhatIf");
        Assert.Equal(before, Films.Below(folder));
        foreach (var export in new[] { "$films | Export-MammoDataset ./set.csv ", "$films | Export-MammoDataset ./original -Format RoiMask " })
        {
            session.Run(export);
            session.Fails(export, ErrorIds.FileExists);
            session.Run(export + "-Force");
        }

        session.Fails("Import-MammoDataset ./original -Format RoiMask | Export-MammoDataset ./original -Format RoiMask -Force", ErrorIds.DatasetInvalid);
        Assert.Equal(3, ((MammoDataset)session.Run("Import-MammoDataset ./original -Format RoiMask")[0]).Count);
        session.Fails("Export-MammoDataset ./mias -Dataset $films -Force", ErrorIds.FileNotWritten);
        File.WriteAllText(Path.Combine(folder, "plain.csv"), "path,label\nmias/mdb001.png,neg\n");
        session.Fails("Export-MammoDataset ./none -Dataset ./plain.csv -Format RoiMask", ErrorIds.DatasetInvalid);
        Assert.False(Path.Exists(Path.Combine(folder, "none")));
    }

    private static string Comparable(MammoImage image) =>
        string.Join('|', image.Path, image.Class, image.Label, image.Patient, image.Laterality, image.View, image.SampleWeight, image.Rois.Length, string.Join('&', image.Extra));

    /// <summary>Four films of two patients as mini-MIAS tells of them: square, one normal, one with two lesions.</summary>
    private static Session Prepared(out string folder)
    {
        folder = Shared.NewFolder();
        for (var number = 1; number <= 4; number++)
            Films.WriteSquare(folder, FormattableString.Invariant($"mias/mdb00{number}.png"), number);
        // Info.txt counts rows from the bottom, in films of 1024 pixels.
        File.WriteAllText(Path.Combine(folder, "mias", "Info.txt"), """
            mdb001 G CIRC B 300 560 70
            mdb002 G CALC M 300 560 70
            mdb002 G CIRC B 340 300 60
            mdb003 D SPIC B 320 500 80
            mdb004 F NORM
            """);
        var session = new Session();
        session.SetLocation(folder);
        return session;
    }
}
