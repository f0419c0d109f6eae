extension CommonPasswords {
    /// Words and phrases in lower case, without separators.
    ///
    /// Written for this project from what is public knowledge: the words that lead every published ranking of passwords
    /// (with the names, teams, animals and keyboard words among them), what manuals and devices are delivered with, and
    /// sayings, titles and examples that are known well enough to be tried. With the tracks, the years and one another
    /// they make more than two thousand million passwords of 15 characters and more. They are compiled in, and split up
    /// at the first use: a process at rest has none of them in its memory, and then it is half a millisecond and 80 KiB.
    static let words: [String] = parts(of: wordText) + parts(of: phraseText)

    /// Rows, columns and blocks of keyboards, and orders that everybody knows; all are also read backwards.
    static let tracks: [[Unicode.Scalar]] = parts(of: trackText).map { Array($0.unicodeScalars) }

    private static func parts(of text: String) -> [String] {
        text.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }.map { String(Substring($0)) }
    }

    private static let trackText = """
        abcdefghijklmnopqrstuvwxyz 01234567890 12345678901234567890 9876543210 13579 24680 02468 2468 3141592653589793
        qwertyuiop asdfghjkl zxcvbnm qwertyuiopasdfghjklzxcvbnm qwertzuiop yxcvbnm azertyuiop qsdfghjklm wxcvbn
        1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p qazwsxedcrfvtgbyhnujmikolp 1q2w3e4r5t6y7u8i9o0p q1w2e3r4t5y6u7i8o9p0
        zaq1xsw2cde3vfr4bgt5nhy6mju7 zaq12wsxcde34rfvbgt56yhn 1qazxsw23edcvfr45tgb 1qaz1qaz2wsx2wsx qweasdzxc
        qweasdzxcrtyfghvbn 147258369 741852963 159357 159753 951753 123654789 789456123 147852369 789654123
        112233445566778899 a1b2c3d4e5f6g7h8i9j0 1a2b3c4d5e6f7g8h9i0j aabbccddeeffgghhiijj !@#$%^&*() !"#$%&/()=
        qaywsxedcrfv 12qwaszx
        """

    private static let wordText = """
        password passwort passw passwd passcode passphrase pass word secret geheim motdepasse contrasena senha
        wachtwoord parola haslo hunter2 admin administrator adm root toor user username guest test tester testing
        test123 demo default changeme changeit changethis please temp temporary letmein letme welcome willkommen
        bienvenue welcome1 hello hallo hola bonjour login logon signin signup access account master system server
        computer internet network windows linux ubuntu debian oracle cisco juniper router modem gateway firewall
        database mysql postgres redis docker kubernetes jenkins github gitlab google gmail yahoo hotmail outlook
        facebook instagram twitter tiktok linkedin whatsapp youtube amazon netflix spotify apple iphone ipad macbook
        samsung galaxy android nokia sony playstation xbox nintendo pokemon pikachu mario luigi zelda minecraft fortnite
        roblox counterstrike starcraft warcraft diablo halo doom quake matrix neo trinity starwars startrek skywalker
        darthvader yoda chewbacca jedi batman superman spiderman ironman wolverine deadpool joker robin hulk thor
        captain america marvel avengers harrypotter hogwarts gryffindor slytherin voldemort hermione dumbledore gandalf
        frodo bilbo aragorn legolas mordor dragon monkey tiger lion panther eagle falcon phoenix wolf bear shark dolphin
        turtle rabbit bunny horse pony unicorn kitty kitten cat dog doggie puppy buddy max bella charlie lucy daisy
        rocky bailey cooper sadie molly maggie buster ginger pepper cookie coffee chocolate cheese banana orange apples
        cherry strawberry peaches pumpkin butter sugar honey candy cupcake pizza burger chicken bacon potato tomato
        whiskey vodka guinness heineken corona budweiser football soccer baseball basketball hockey tennis golf golfer
        rugby cricket boxing swimming running yankees redsox lakers bulls cowboys steelers packers broncos raiders
        giants eagles dolphins patriots arsenal chelsea liverpool manchester united everton barcelona realmadrid
        juventus milan bayern dortmund schalke ajax porsche ferrari lamborghini mercedes corvette mustang camaro honda
        toyota nissan yamaha suzuki kawasaki harley love lover loveme loveyou iloveyou ilove iloveu iloveme iloveyou1
        iloveyou2 ichliebedich jetaime teamo tequiero tiamo amor amour liebe schatz schatzi liebling corazon princess
        prince queen king angel angels devil heaven hell god jesus christ jesuschrist church blessed faith hope peace
        grace bible allah lucifer satan sunshine moonlight starlight rainbow butterfly flower flowers rose lily jasmine
        summer winter spring autumn january february march april june july august september october november december
        monday tuesday wednesday thursday friday saturday sunday birthday christmas halloween easter holiday vacation
        beach ocean river mountain forest garden island london paris berlin madrid rome amsterdam moscow tokyo newyork
        chicago boston dallas texas california florida canada mexico brazil brasil england france germany deutschland
        espana italia australia ireland scotland india pakistan indonesia philippines china japan russia poland sweden
        norway freedom money dollar euro bank banking bitcoin million rich lucky lottery poker casino blackjack vegas
        sex sexy fuck fuckyou fuckoff fuckme asshole bitch pussy dick bigdick penis boobs hottie shit bullshit naughty
        baby babygirl babyboy baby123 girl boy boys girls mother father mommy daddy mom dad sister brother family friend
        friends forever always together happy smile crazy cool awesome killer ninja samurai warrior hunter ranger
        soldier sniper shadow ghost zombie vampire pirate wizard magic merlin mystic knight cowboy rockstar metallica
        nirvana slipknot eminem beatles elvis michael jordan jackson michelle jennifer jessica ashley amanda nicole
        stephanie elizabeth samantha andrea daniel daniela andrew anthony joshua matthew robert thomas william richard
        charles christopher joseph george david jason justin brandon nicholas patrick benjamin alexander alexandra maria
        anna sophie sophia julia laura sarah emma olivia hannah victoria natasha tatiana carlos juan jose pedro pablo
        miguel antonio francisco alejandro roberto ricardo fernando mohammed muhammad ahmed mustafa ibrahim martin
        stefan sebastian andreas markus thorsten wolfgang hans peter klaus jurgen francois pierre nicolas qwerty qwerty1
        qwerty123 qwertz azerty asdf asdfgh zxcv zxcvbn qazwsx 1qaz2wsx 1q2w3e4r abc123 abcd1234 a1b2c3 a123456 aa123456
        trustno1 trustme nothing something anything everything whatever nobody somebody private public security secure
        safe safety topsecret confidential classified keepout dontforget forgot remember forgetme mypassword mypass
        newpassword oldpassword thepassword yourpassword nopassword password1 password12 password123 password1234
        p455w0rd passwords adminadmin admin123 admin1234 root123 toor123 user123 guest123 test1234 welcome123 letmein123
        monkey123 dragon123 michael1 charlie1 jordan23 michelle1 superstar superuser supervisor manager office company
        business project developer programmer engineer student teacher school college university class graduate doctor
        nurse police fireman pilot driver player gamer hacker cracker anonymous blink182 linkinpark greenday coldplay
        radiohead pinkfloyd ledzeppelin rammstein onedirection justinbieber ladygaga britney madonna rihanna beyonce
        shakira tokiohotel bts army blackpink the and you are this that with for not but all can how who why what when
        where from your have mine its com net org www http https mail email
        """

    private static let phraseText = """
        correcthorsebatterystaple thequickbrownfox thequickbrownfoxjumps thequickbrownfoxjumpsover
        thequickbrownfoxjumpsoverthelazydog jumpsoverthelazydog loremipsum loremipsumdolorsitamet dolorsitamet
        tobeornottobe thatisthequestion tobeornottobethatisthequestion maytheforcebewithyou maytheforce bewithyou
        iamyourfather lukeiamyourfather useforceluke usetheforceluke thisistheway ihaveabadfeelingaboutthis
        onceuponatime happilyeverafter inalandfarfaraway longtimeago inagalaxyfarfaraway alongtimeagoinagalaxyfarfaraway
        winteriscoming youknownothing youknownothingjonsnow alannisteralwayspayshisdebts valarmorghulis valardohaeris
        onedoesnotsimplywalkintomordor youshallnotpass myprecious oneringtorulethemall livelongandprosper beammeupscotty
        tobeboldlygo spacethefinalfrontier resistanceisfutile makeitso houstonwehaveaproblem illbeback hastalavista
        hastalavistababy showmethemoney lifeislikeaboxofchocolates runforrestrun hereslookingatyoukid
        theresnoplacelikehome franklymydearidontgiveadamn saymyname iamtheonewhoknocks iamironman avengersassemble
        withgreatpowercomesgreatresponsibility whysoserious iambatman tothebatcave hakunamatata letitgo
        bibbidibobbidiboo supercalifragilisticexpialidocious abracadabra opensesame opensesame123 hocuspocus
        expectopatronum avadakedavra wingardiumleviosa expelliarmus alohomora mischiefmanaged isolemnlyswear
        thecakeisalie allyourbasearebelongtous isolemnlyswearthatiamuptonogood doyouwannabuildasnowman
        neverforgetyourpassword ihateyou ihateyou123 ihatethis ihatepasswords ihatemylife ihatemyjob ilovemyself
        ilovemylife ilovemyfamily ilovemymom ilovemymother ilovemydad ilovemydog ilovemycat ilovemywife ilovemyhusband
        ilovemygirlfriend ilovemyboyfriend ilovemybaby ilovemykids ilovemychildren ilovemyson ilovemydaughter
        ilovemysister ilovemybrother ilovechocolate ilovepizza ilovefootball ilovemusic ilovejesus ilovegod
        iloveyousomuch iloveyoumore iloveyouforever iloveyoubaby iloveyoumom iloveyoutoo iloveyoualways iloveyouverymuch
        missyousomuch imissyou imissyousomuch loveofmylife loveyouforever loveislove allyouneedislove foreverandever
        foreveryoung foreveralone togetherforever bestfriendsforever bestfriends bff godisgreat godislove godisgood
        ingodwetrust jesuslovesme jesusislord jesusismylord jesussaves jesusismysavior praisethelord thelordismyshepherd
        ourfatherwhoartinheaven hailmaryfullofgrace amazinggrace godblessamerica godblessyou inshallah alhamdulillah
        bismillah subhanallah allahuakbar omnamahshivaya harekrishna jaishreeram letmeinplease letmeinnow pleaseletmein
        letmeinletmein openthedoor openthegate knockknock whoisthere welcomehome welcometothejungle welcomeback
        hellohello helloworld helloworld123 hellokitty hellothere goodmorning goodnight goodevening goodbye goodluck
        haveaniceday happybirthday happybirthdaytoyou merrychristmas happynewyear happyhalloween trickortreat
        happyeaster thisismypassword thisisapassword thisismynewpassword thisisasecret thisisnotapassword
        thisisnotmypassword thisisaverylongpassword averylongpassword verylongpassword longpassword longlongpassword
        myverylongpassword superlongpassword asecurepassword securepassword averysecurepassword strongpassword
        averystrongpassword goodpassword mysecretpassword secretpassword supersecret supersecretpassword
        topsecretpassword mynewpassword newpassword123 changemenow changeme123 changemeplease pleasechangeme
        pleasechangethis defaultpassword temporarypassword temppassword testpassword demopassword adminpassword
        rootpassword userpassword guestpassword masterpassword systempassword masterkey iforgotmypassword iforgot
        forgotpassword passwordispassword mypasswordispassword thepasswordispassword passwordpassword notmypassword
        enterpassword entermypassword enteryourpassword yourpasswordhere insertpasswordhere passwordhere nopasswordhere
        incorrectpassword wrongpassword yourpasswordisincorrect passwordincorrect incorrect fifteencharacters
        fifteencharacter sixteencharacters atleast15characters atleastfifteencharacters fifteenletters
        fifteencharacterslong characterslong mothersmaidenname maidenname dateofbirth socialsecurity
        socialsecuritynumber creditcard phonenumber telephonenumber systemadministrator systemadmin networkadministrator
        networkadmin domainadmin superadmin superadministrator localadmin webmaster webmasterpassword postmaster
        hostmaster databaseadmin sysadmin sysadminpassword qwertyqwerty qwertyasdfgh qwerty12345 qwerty123456
        qwertyuiopasdf qwerty654321 asdfasdf asdfjkl asdfghjklzxcvbnm zxcvbnmasdfghjkl poiuytrewq lkjhgfdsa mnbvcxz
        asdfqwer qwerasdf qwerasdfzxcv asdfzxcv zxcvasdfqwer onetwothree onetwothreefour onetwothreefourfive
        onetwothreefourfivesix onetwobuckle onetwobucklemyshoe tenthousand onehundred onemillion onemilliondollars
        abcdefg123 abcd123456 abc123abc123 123abc123abc 123qweasdzxc 123qwe123qwe qwe123qwe123 qweasd123
        1234qwerasdfzxcv 1234qwer 12345qwert 123456qwerty 123456abcdef 123456abc onetwothreefourfivesixseven
        redorangeyellow redorangeyellowgreenblue doremifasolati mondaytuesdaywednesday januaryfebruarymarch
        springsummerautumnwinter eenymeenyminymo humptydumpty jackandjill maryhadalittlelamb twinkletwinklelittlestar
        rowrowrowyourboat itsybitsyspider oldmcdonald oldmacdonaldhadafarm londonbridge rosesarered
        rosesareredvioletsareblue violetsareblue anappleaday anappleadaykeepsthedoctoraway earlybirdcatchestheworm
        thepenismightierthanthesword practicemakesperfect timeismoney knowledgeispower carpediem cogitoergosum
        venividivici alealactaest etpluribusunum semperfi semperfidelis memento mementomori hakuna thetruthisoutthere
        trustnoone iwanttobelieve nevergiveup nevergonnagiveyouup nevergonnaletyoudown nevergonna wearethechampions
        wewillrockyou bohemianrhapsody stairwaytoheaven hotelcalifornia smellsliketeenspirit anotherbrickinthewall
        wishyouwerehere comfortablynumb darksideofthemoon sweetchildofmine highwaytohell thunderstruck backinblack enter
        sandman entersandman nothingelsematters knockinonheavensdoor imagineallthepeople letitbe heyjude yellowsubmarine
        strawberryfields herecomesthesun yesterday twistandshout satisfaction paintitblack gimmeshelter purplerain
        billiejean thriller smoothcriminal likeaprayer likeavirgin manchesterunited manchestercity liverpoolfc
        youllneverwalkalone chelseafc arsenalfc tottenhamhotspur newcastleunited westhamunited leedsunited astonvilla
        fcbarcelona barcelonafc realmadridcf atleticomadrid intermilan acmilan bayernmunchen bayernmunich
        borussiadortmund olympiquemarseille parissaintgermain dallascowboys newyorkyankees newyorkgiants bostonredsox
        chicagobulls chicagocubs losangeleslakers goldenstatewarriors sanfranciscogiants pittsburghsteelers
        greenbaypackers newenglandpatriots denverbroncos oaklandraiders torontomapleleafs montrealcanadiens notredame
        callofduty worldofwarcraft leagueoflegends grandtheftauto assassinscreed finalfantasy dragonball dragonballz
        onepiece naruto narutouzumaki sasukeuchiha itachiuchiha attackontitan deathnote yugioh hatsunemiku sailormoon
        lordoftherings gameofthrones breakingbad thewalkingdead walkingdead strangerthings bigbangtheory
        piratesofthecaribbean jacksparrow captainjacksparrow lukeskywalker hansolo princessleia obiwankenobi darthmaul
        kyloren babyyoda mandalorian captainamerica guardiansofthegalaxy spongebob spongebobsquarepants mickeymouse
        minniemouse donaldduck winniethepooh scoobydoo tomandjerry bugsbunny snoopdogg homersimpson bartsimpson justdoit
        thinkdifferent imlovinit becauseyoureworthit redbullgivesyouwings nothingisimpossible impossibleisnothing
        yeswecan makeamericagreatagain blacklivesmatter stayhungrystayfoolish catchmeifyoucan comeonbarbie rockandroll
        sexdrugsrockandroll partyrock livelaughlove liveandletdie liveyourlife dreambig followyourdreams dreamscometrue
        believeinyourself beyourself carpenoctem youarebeautiful youaremysunshine youaremyeverything youaretheone
        iamthebest iamthegreatest iamgroot iamlegend iamsexyandiknowit whoami whoareyou whatsup whatisthis idontknow
        idontcare idontremember icantremember nobodyknows dontaskme leavemealone goaway getoutofhere kissmyass
        gofuckyourself fuckthisshit fucktheworld fuckthepolice suckmydick eatmyshorts sonofabitch motherfucker
        ilovelinux linuxrules windowssucks microsoftwindows microsoftoffice internetexplorer googlechrome raspberrypi
        raspberry raspbian pihole homeassistant arduino openwrt dreambox synology proxmox wordpress kalilinux metasploit
        offensivesecurity letmeinroot s3cr3tpassw0rd p4ssw0rd
        """
}
