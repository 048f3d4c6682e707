namespace Mammo.Tests.Data.Files;

public sealed class FileTests
{
    [Fact]
    public void Hash_is_sha256()
    {
        var path = Path.Combine(Shared.NewFolder(), "abc");
        File.WriteAllText(path, "abc");
        // FIPS 180-2, appendix B.1.
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", ContentHash.Sha256(path));
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<MammoException>(() => ContentHash.Sha256(path + "d")).ErrorId);
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_nothing_else()
    {
        var folder = Shared.NewFolder();
        var path = Path.Combine(folder, "file");
        AtomicFile.Write(path, stream => stream.Write("old"u8));
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("ne"u8);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(path));
        AtomicFile.Write(path, stream => stream.Write("new"u8));
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void What_the_file_system_refuses_is_an_error_with_an_id()
    {
        var path = Path.Combine(Shared.NewFolder(), "file");
        File.WriteAllText(path, "");
        Assert.Equal(ErrorIds.FileNotWritten, Assert.Throws<MammoException>(() => AtomicFile.Write(Path.Combine(path, "below"), _ => { })).ErrorId);
        Assert.Equal(ErrorIds.FileNotWritten, Assert.Throws<MammoException>(() => AtomicFile.Write(Path.GetDirectoryName(path)!, _ => { })).ErrorId);
        Assert.Equal([path], Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!));
    }
}
