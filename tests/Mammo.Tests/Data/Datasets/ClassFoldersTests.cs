using Mammo.Data.Datasets;

namespace Mammo.Tests.Data.Datasets;

public sealed class ClassFoldersTests
{
    [Fact]
    public void Images_come_in_ordinal_order_of_their_paths_within_the_class()
    {
        var root = Tree("pos/b.png", "pos/a/z.PNG", "pos/a.tif", "pos/B.png", "pos/notes.txt", "neg/deep/er/x.jpeg", "neg/ä [1] ü.pgm", "neg/Thumbs.db");
        var dataset = ClassFolders.Read(root, ["pos", "neg"]);
        Assert.Equal(["pos", "neg"], dataset.Classes);
        Assert.Equal(
            ["pos/B.png", "pos/a.tif", "pos/a/z.PNG", "pos/b.png", "neg/deep/er/x.jpeg", "neg/ä [1] ü.pgm"],
            dataset.Images.Select(image => Path.GetRelativePath(root, image.Path).Replace('\\', '/')));
        Assert.Equal([0, 0, 0, 0, 1, 1], dataset.Images.Select(image => image.Label!.Value));
        Assert.Equal([4, 2], dataset.ClassCounts);
        Assert.Equal(Path.GetFileName(root), dataset.Name);
        Assert.All(dataset.Images, image => Assert.True(File.Exists(image.Path)));
    }

    [Fact]
    public void Every_extension_of_the_design_counts()
    {
        string[] names = ["a.png", "b.jpg", "c.jpeg", "d.bmp", "e.tif", "f.tiff", "g.pgm", "h.pnm", "i.ppm", "j.webp", "k.dcm"];
        Assert.Equal(names.Length, ClassFolders.Read(Tree([.. names.Select(name => "c/" + name), "c/a.csv", "c/a"])).Count);
    }

    [Fact]
    public void Classes_are_the_sorted_folders_unless_given()
    {
        var root = Tree("pos/1.png", "neg/1.png", "Zebra/1.png", ".cache/1.png", "loose.png");
        var dataset = ClassFolders.Read(root + Path.DirectorySeparatorChar);
        Assert.Equal(["Zebra", "neg", "pos"], dataset.Classes);
        Assert.Equal(3, dataset.Count);
    }

    [Fact]
    public void Hidden_files_and_folders_are_passed_over()
    {
        var root = Tree(
            "pos/1.png", "pos/._1.png", "pos/.ipynb_checkpoints/1-checkpoint.png",
            "pos/@eaDir/1.png", "neg/1.png", "__MACOSX/pos/._1.png", "$RECYCLE.BIN/1.png");
        var dataset = ClassFolders.Read(root);
        Assert.Equal(["neg", "pos"], dataset.Classes);
        Assert.Equal(["neg/1.png", "pos/1.png"], dataset.Images.Select(image => Path.GetRelativePath(root, image.Path).Replace('\\', '/')));
        Assert.Equal(2, new Mammo.Data.Files.ImageFiles(root).All().Length);
        // What the user names is meant, wherever it lies.
        Assert.Equal(1, ClassFolders.Read(Path.Combine(Tree(".cache/films/pos/1.png"), ".cache", "films")).Count);
    }

    [Fact]
    public void Of_a_film_in_several_formats_one_is_taken_and_said()
    {
        var root = Tree("pos/1.jpg", "pos/1.png", "pos/2.dcm", "pos/2.jpg", "pos/3.dcm", "pos/deep/1.jpg", "neg/1.jpg");
        var (dataset, findings) = ClassFolders.Import(root);
        Assert.Equal(
            ["neg/1.jpg", "pos/1.png", "pos/2.jpg", "pos/3.dcm", "pos/deep/1.jpg"],
            dataset.Images.Select(image => Path.GetRelativePath(root, image.Path).Replace('\\', '/')));
        Assert.Equal([ErrorIds.ImageTwice, ErrorIds.ImageTwice], findings.Select(finding => finding.Id));
        Assert.Contains("1.jpg", findings[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_beside_the_class_folders_are_said()
    {
        var finding = Assert.Single(ClassFolders.Import(Tree("pos/1.png", "neg/1.png", "2.png", "3.DCM", ".4.png", "patches.csv")).Findings);
        Assert.Equal(ErrorIds.DatasetInvalid, finding.Id);
        Assert.StartsWith("2 images lie beside the class folders", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_of_other_kinds_are_said_and_notes_are_not()
    {
        var finding = Assert.Single(ClassFolders.Import(Tree("pos/1.png", "pos/2.gif", "pos/3.NPY", "pos/Thumbs.db", "neg/1.png", "neg/readme.txt")).Findings);
        Assert.Equal(ErrorIds.ImageUnreadable, finding.Id);
        Assert.Contains("2 files of class 'pos'", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_class_is_kept()
    {
        var root = Tree("pos/1.png");
        Directory.CreateDirectory(Path.Combine(root, "neg"));
        Assert.Equal([0, 1], ClassFolders.Read(root, ["neg", "pos"]).ClassCounts);
    }

    [Fact]
    public void A_missing_class_is_an_error_that_names_the_folders()
    {
        var root = Tree("pos/1.png", "negative/1.png");
        var error = Assert.Throws<MammoException>(() => ClassFolders.Read(root, ["neg", "pos"]));
        Assert.Equal((ErrorIds.ClassFolderMissing, "neg"), (error.ErrorId, error.Target));
        Assert.Contains("negative, pos", error.SuggestedFix, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_data_set_is_an_error()
    {
        Assert.Equal(ErrorIds.FileNotFound, Id(() => ClassFolders.Read(Path.Combine(Tree(), "none"))));
        Assert.Equal(ErrorIds.DatasetInvalid, Id(() => ClassFolders.Read(Tree("loose.png"))));
        Assert.Equal(ErrorIds.DatasetInvalid, Id(() => ClassFolders.Read(Tree("a/1.png"), ["a", "a"])));
        Assert.Equal(ErrorIds.DatasetInvalid, Id(() => ClassFolders.Read(Tree("a/1.png"), [])));
        Assert.Equal(ErrorIds.DatasetInvalid, Id(() => ClassFolders.Read(Tree("a/1.png"), ["a", " "])));
    }

    [Fact]
    public void Links_are_followed_and_loops_end()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Links need rights on Windows.");
        var root = Tree("pos/1.png", "store/2.png");
        Directory.CreateSymbolicLink(Path.Combine(root, "pos", "loop"), root);
        Directory.CreateSymbolicLink(Path.Combine(root, "pos", "self"), Path.Combine(root, "pos"));
        File.CreateSymbolicLink(Path.Combine(root, "pos", "3.png"), Path.Combine(root, "store", "2.png"));
        Directory.CreateSymbolicLink(Path.Combine(root, "linked"), Path.Combine(root, "store"));
        var dataset = ClassFolders.Read(root, ["pos", "linked"]);
        // pos/loop shows the root once more, but not the class within it, nor pos/self within that.
        Assert.Equal(["linked/2.png", "pos/1.png", "pos/3.png", "pos/loop/linked/2.png", "pos/loop/store/2.png"],
            dataset.Images.Select(image => Path.GetRelativePath(root, image.Path)).Order(StringComparer.Ordinal));
    }

    private static string Id(Action act) => Assert.Throws<MammoException>(act).ErrorId;

    private static string Tree(params string[] files)
    {
        var root = Shared.NewFolder();
        foreach (var file in files)
        {
            var path = Path.Combine(root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }

        return root;
    }
}
